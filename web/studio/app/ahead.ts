/** What is done before anybody asks for it, while nobody needs the device. */
import { currentEngine } from '../engine/engine.ts';
import { idle, savesData } from '../kit/idle.ts';
import { measureOnce } from '../run/measure.ts';
import { visible } from '../sketch/pencil.ts';
import { sketchAhead } from '../sketch/sketch.ts';
import { serviceWorkers } from './serviceWorker.ts';

export async function goAhead(): Promise<void> {
  // For them no runtime is kept: it would be fetched.
  if (savesData()) return;
  // What is kept on the device costs nobody anything, and need not wait for the page to be idle.
  if (serviceWorkers?.controller && visible.peek()) startEngine();
  await idle();
  await sketchAhead();
  // Beside the sketch it would find the device slow.
  measureOnce();
}

/** Where that fails, a run will say what is wrong. */
function startEngine(): void {
  currentEngine()
    .open()
    .catch(() => undefined);
}
