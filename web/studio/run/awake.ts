/** The screen stays awake while a run is on. */
import { effect } from '@preact/signals-core';
import { phase, running } from './state.ts';

let awake: WakeLockSentinel | null = null;
let asking = false;

const mayNotSleep = () => running.value && phase.value !== 'paused';

/** The lock is lost whenever the tab is hidden, and asked for again when it is back. */
function keepAwake(): void {
  if (!mayNotSleep()) {
    void awake?.release();
    awake = null;
  } else if (document.visibilityState === 'visible' && (awake?.released ?? true) && !asking) {
    void ask();
  }
}

export function stayAwake(): void {
  effect(keepAwake);
  document.addEventListener('visibilitychange', keepAwake);
}

async function ask(): Promise<void> {
  asking = true;
  // Not in every browser, and refused when the battery is low: then the screen may sleep.
  const lock = await (navigator as Partial<Navigator>).wakeLock
    ?.request('screen')
    .catch(() => null);
  awake = lock ?? null;
  asking = false;
  // The run may have ended meanwhile.
  if (!mayNotSleep()) keepAwake();
}
