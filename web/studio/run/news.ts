/** The end of a run may be told by the system, to those who asked for it and look elsewhere. */
import { effect, signal } from '@preact/signals-core';
import { recall, remember } from '../../storage/memory.ts';
import { texts } from '../../texts/index.ts';
import { phase } from './state.ts';

export const canNotify = 'Notification' in globalThis;

const allowed = () => canNotify && Notification.permission === 'granted';
export const wantsNews = signal(allowed() && recall('news') === 'yes');

export async function toggleNews(): Promise<void> {
  const on = !wantsNews.value && (await Notification.requestPermission()) === 'granted';
  wantsNews.value = on;
  remember('news', on ? 'yes' : 'no');
}

export function tellWhenDone(): void {
  let before = phase.peek();
  effect(() => {
    const now = phase.value;
    if (now === 'done' && before !== 'ready' && before !== 'done') void tell();
    before = now;
  });
}

/** Android shows notifications through a service worker only. */
async function tell(): Promise<void> {
  if (!wantsNews.value || !allowed() || document.visibilityState === 'visible') return;
  const { title, result } = texts.peek();
  const options = { body: result.announced, tag: 'restyle-done' };
  const worker = await (navigator as Partial<Navigator>).serviceWorker?.getRegistration();
  if (worker) await worker.showNotification(title, options);
  else new Notification(title, options);
}
