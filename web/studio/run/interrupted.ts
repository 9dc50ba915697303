/** What becomes of an interrupted order: it goes on, or it is let go. */
import type { SavedRun } from '../../storage/runs.ts';
import { notify } from '../notice/notice.ts';
import { display } from '../pictures/picked.ts';
import { adopt } from '../regions/regions.ts';
import { chooseAll } from '../choices/choices.ts';
import { origin } from './wish.ts';
import { machine } from './machine.ts';
import { forget, interrupted, isTaken, toOrder } from './store.ts';

export async function goOn(run: SavedRun): Promise<void> {
  const { value: offered } = interrupted;
  // At once, as a second press would begin it twice.
  interrupted.value = null;
  if (await isTaken(run)) return;
  const order = await toOrder(run);
  if (!order) {
    interrupted.value = offered;
    notify({ kind: 'no-network' });
    return;
  }
  origin.value = order.wish.origin;
  const { photo, styles, networks, upscaler, settings, mask } = order.wish;
  display(photo, styles);
  adopt(mask);
  chooseAll(
    settings,
    networks.map(({ id }) => id),
    upscaler?.id ?? null,
  );
  machine.start(order);
}

export async function discard(run: SavedRun): Promise<void> {
  interrupted.value = null;
  await forget(run);
}
