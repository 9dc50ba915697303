/** Orders that were interrupted by a reload, a crash or a closed tab, and what is kept for them to go on. */
import { signal } from '@preact/signals-core';
import { readMask, writeMask } from '../../../shared/mask.ts';
import { isFull } from '../../storage/database.ts';
import {
  dropCheckpoint,
  dropRun,
  listRuns,
  saveRun,
  stepsBehind,
  type SavedPainting,
  type SavedPicture,
  type SavedRun,
} from '../../storage/runs.ts';
import { heldNames, hold } from '../../storage/locks.ts';
import { notify } from '../notice/notice.ts';
import { restore, type Picture } from '../pictures/picture.ts';
import type { Order } from './order.ts';
import type { Painting } from './painting.ts';
import { findModel } from '../networks/networks.ts';

/** What may be gone on with; null if nothing was interrupted. */
export interface Interrupted {
  readonly run: SavedRun;
  /** Steps that are behind it. */
  readonly steps: number;
}

export const interrupted = signal<Interrupted | null>(null);

/** Once a visit is enough to say that storage is full. */
let toldFull = false;

export function noteKept(problem: 'full' | 'failed' | null): void {
  if (problem !== 'full' || toldFull) return;
  toldFull = true;
  notify({ kind: 'storage-full' });
}

const lockOf = (id: string) => `restyle-run-${id}`;

/** Tells other tabs that this order is being worked on, until it is released or the tab is gone, however that ends. */
export async function holdOrder({ id }: Order): Promise<() => void> {
  const turn = await hold(lockOf(id), 'take');
  return () => turn?.release();
}

/** Storage that is full or forbidden only means that this run cannot be gone on with. */
async function tryTo(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    noteKept(isFull(error) ? 'full' : 'failed');
  }
}

/** Keeps the order as far as it has come. */
export function keep({ id, wish, done, further }: Order): Promise<void> {
  return tryTo(async () => {
    const { photo, styles, networks, upscaler, settings, mask, origin } = wish;
    await saveRun({
      id,
      created: Date.now(),
      photo: await toSaved(photo),
      styles: await Promise.all(
        styles.map(async ({ picture, weight }) => ({ ...(await toSaved(picture)), weight })),
      ),
      networks: networks.map((network) => network.id),
      upscaler: upscaler?.id ?? null,
      settings,
      ...(mask && { mask: writeMask(mask) }),
      paintings: done.map(toSavedPainting),
      further: further && { ...further, from: further.from.map(toSavedPainting) },
      job: origin,
    });
  });
}

export const forgetCheckpoint = ({ id }: Order): Promise<void> => tryTo(() => dropCheckpoint(id));

export const forget = ({ id }: Pick<Order, 'id'>): Promise<void> => tryTo(() => dropRun(id));

/** A whole painting has no checkpoint any more that would matter. */
const behind = async ({ id, paintings, networks, settings }: SavedRun): Promise<number> =>
  paintings.length === networks.length ? settings.steps : stepsBehind(id);

/** Stopped before it had anything to show: what it had done before it was interrupted must not be lost. */
export async function forgetOrOffer({ id }: Order): Promise<void> {
  await tryTo(async () => {
    const run = (await listRuns()).find((one) => one.id === id);
    const steps = run ? await behind(run) : 0;
    if (run && steps > 0) interrupted.value = { run, steps };
    else await dropRun(id);
  });
}

/** Another tab has gone on with it. */
export const isTaken = async ({ id }: SavedRun): Promise<boolean> =>
  (await heldNames()).has(lockOf(id));

/** Looks for an order that no tab is working on. Only the newest is offered, so older ones are let go. */
export async function findInterrupted(): Promise<void> {
  const runs = await listRuns().catch((): SavedRun[] => []);
  if (runs.length === 0) return;
  const busy = await heldNames();
  const [run, ...older] = runs.filter(({ id }) => !busy.has(lockOf(id)));
  if (!run) return;
  interrupted.value = { run, steps: await behind(run) };
  await Promise.all(older.map(forget));
}

/** The order again, with its pictures; null if one of its networks is no longer there. */
export async function toOrder(run: SavedRun): Promise<Order | null> {
  const networks = run.networks.map(findModel).filter((found) => found !== null);
  if (networks.length < run.networks.length) return null;
  const [photo, ...pictures] = await Promise.all([run.photo, ...run.styles].map(restore));
  const known = (paintings: readonly SavedPainting[]) =>
    paintings.map((painting, i) => ({ ...painting, network: networks[i]! }));
  return {
    id: run.id,
    wish: {
      photo: photo!,
      styles: run.styles.map(({ weight }, i) => ({ picture: pictures[i]!, weight })),
      networks,
      upscaler: run.upscaler === null ? null : findModel(run.upscaler),
      settings: run.settings,
      mask: run.mask === undefined ? null : readMask(run.mask),
      origin: run.job,
    },
    done: known(run.paintings),
    further: run.further && { ...run.further, from: known(run.further.from) },
  };
}

const toSavedPainting = ({ network, ...painting }: Painting): SavedPainting => ({
  ...painting,
  network: network.id,
});

async function toSaved({ url, title, own, id }: Picture): Promise<SavedPicture> {
  const response = await fetch(url);
  return { blob: await response.blob(), title, sample: own ? null : id };
}
