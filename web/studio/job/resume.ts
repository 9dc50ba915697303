/** A job's run that was interrupted goes on by itself: whoever opened the link wants the picture. */
import { effect } from '@preact/signals-core';
import type { SavedJob } from '../../storage/jobs.ts';
import { listRuns, stepsBehind, type SavedPicture } from '../../storage/runs.ts';
import { display } from '../pictures/picked.ts';
import type { Picture } from '../pictures/picture.ts';
import { machine } from '../run/machine.ts';
import { forget, interrupted, toOrder } from '../run/store.ts';
import { chooseAll } from '../choices/choices.ts';
import { countAsPhoto } from './pictures.ts';

/** Nothing behind it may mean that it was the start which failed: then the person presses the button. */
export async function pickUp(job: SavedJob, shown: readonly Picture[]): Promise<void> {
  hideOffers(job.id);
  for (const run of await listRuns().catch(() => [])) {
    if (run.job !== job.id) continue;
    const worth = run.paintings.length > 0 || (await stepsBehind(run.id)) > 0;
    if (!worth) {
      await forget(run);
      continue;
    }
    const order = await toOrder(run);
    if (!order) continue;
    const known = (saved: SavedPicture) =>
      shown.find(
        ({ title }, i) => title.en === saved.title.en && job.inputs[i]?.size === saved.blob.size,
      );
    const photo = known(run.photo) ?? order.wish.photo;
    const styles = order.wish.styles.map((style, i) => ({
      ...style,
      picture: known(run.styles[i]!) ?? style.picture,
    }));
    countAsPhoto(photo);
    display(photo, styles);
    chooseAll(run.settings, run.networks, run.upscaler);
    machine.start({ ...order, wish: { ...order.wish, photo, styles } });
    return;
  }
}

let stopHiding: () => void = () => undefined;

/** The studio's own offer to go on with the job of now would be a second one. */
function hideOffers(id: string): void {
  stopHiding();
  stopHiding = effect(() => {
    if (interrupted.value?.run.job === id) interrupted.value = null;
  });
}
