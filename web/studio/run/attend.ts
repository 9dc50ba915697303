/** While a run is on, the screen stays awake; tab and icon show how far it is; its end may be told by the system. */
import { effect, signal } from '@preact/signals-core';
import { recall, remember } from '../../storage/memory.ts';
import { texts } from '../../texts/index.ts';
import { fraction, phase, running } from './state.ts';

export const canNotify = 'Notification' in window;

const allowed = () => canNotify && Notification.permission === 'granted';
export const wantsNews = signal(allowed() && recall('news') === 'yes');

export async function toggleNews(): Promise<void> {
  const on = !wantsNews.value && (await Notification.requestPermission()) === 'granted';
  wantsNews.value = on;
  remember('news', on ? 'yes' : 'no');
}

export function attend(): void {
  effect(showInTitle);
  effect(showInIcon);
  effect(keepAwake);
  document.addEventListener('visibilitychange', keepAwake);
  let before = phase.peek();
  effect(() => {
    const now = phase.value;
    if (now === 'done' && before !== 'ready' && before !== 'done') void tell();
    before = now;
  });
}

function showInTitle(): void {
  const { title } = texts.value;
  if (running.value) document.title = `${Math.floor(100 * fraction.value)} % · ${title}`;
  else document.title = phase.value === 'done' ? `✓ ${title}` : title;
}

const SIDE = 32;
let still: string | null = null;
let shown = -1;

/** A ring that fills up, in place of the page's own icon. */
function showInIcon(): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (!link) return;
  still ??= link.href;
  const part = running.value ? Math.round(fraction.value * 24) : -1;
  if (part === shown) return;
  shown = part;
  link.href = part < 0 ? still : ring(part / 24);
}

function ring(part: number): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext('2d')!;
  const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent');
  const top = -Math.PI / 2;
  const arc = (colour: string, to: number) => {
    context.strokeStyle = colour;
    context.lineWidth = 6;
    context.beginPath();
    context.arc(SIDE / 2, SIDE / 2, SIDE / 2 - 4, top, top + to * 2 * Math.PI);
    context.stroke();
  };
  arc('#8886', 1);
  arc(accent, part);
  return canvas.toDataURL();
}

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

/** Only to those who look elsewhere. Android shows notifications through a service worker only. */
async function tell(): Promise<void> {
  if (!wantsNews.value || !allowed() || document.visibilityState === 'visible') return;
  const { title, result } = texts.peek();
  const options = { body: result.announced, tag: 'restyle-done' };
  const worker = await (navigator as Partial<Navigator>).serviceWorker?.getRegistration();
  if (worker) await worker.showNotification(title, options);
  else new Notification(title, options);
}
