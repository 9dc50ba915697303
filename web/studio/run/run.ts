/** From the button to the picture, by way of pause, stop and start again. */
import { batch } from '@preact/signals-core';
import { dismiss } from '../notice/notice.ts';
import { kindOf } from '../../worker/faults.ts';
import { enlargeAll, newOrder, paintAll, type Order } from './carry.ts';
import { currentEngine } from '../engine/engine.ts';
import { explainFailure } from './failure.ts';
import { wanted, type Job } from './wish.ts';
import {
  enter,
  finished,
  job,
  phase,
  reset,
  result,
  running,
  state,
  type Painting,
} from './state.ts';
import { forget, forgetOrOffer, holdOrder, keep } from './unfinished.ts';

/** Waited for before a finished run is forgotten: whoever brings its pictures to safety. */
export const keepers: (() => Promise<void>)[] = [];

let stopper = new AbortController();
/** A restart waits for the end of the run, which leaves nothing behind then; stopping meanwhile calls it off. */
let restarting: AbortController | null = null;
let underWay: Promise<void> = Promise.resolve();

export function repaint(): void {
  if (wanted.value) start(newOrder(wanted.value));
}

/** Begins an order, or goes on with one that was begun before. */
export function start(order: Order): void {
  if (!running.value) underWay = work(order);
}

export async function restart(): Promise<void> {
  stop();
  const mine = (restarting = new AbortController());
  await underWay;
  if (mine.signal.aborted) return;
  restarting = null;
  repaint();
}

/** So many more steps, from the pictures that are there. */
export function proceed(steps: number): void {
  const { value: now } = finished;
  if (!now) return;
  start({ ...newOrder(now.job), further: { steps, from: now.result.paintings } });
}

/** Enlarges the pictures that are there. Cancelled or failed, they stay as they are. */
export async function enlarge(): Promise<void> {
  const { value: now } = finished;
  if (now) await (underWay = enlargeMore(now.job, now.result.paintings));
}

async function enlargeMore(by: Job, paintings: readonly Painting[]): Promise<void> {
  const { signal } = (stopper = new AbortController());
  dismiss();
  show(by, await tryToEnlarge(by, paintings, signal, 0));
}

async function tryToEnlarge(
  by: Job,
  paintings: readonly Painting[],
  signal: AbortSignal,
  before: number,
): Promise<readonly Painting[]> {
  state.value = 'enlarging';
  let now = paintings;
  try {
    await enlargeAll(by, paintings, signal, before, (enlarged) => (now = enlarged));
  } catch (error) {
    if (kindOf(error) !== 'cancelled')
      explainFailure(error, by, { again: () => void enlarge(), anew: repaint });
  }
  return now;
}

export function pause(): void {
  if (phase.value !== 'painting') return;
  currentEngine().pause();
  state.value = 'paused';
}

export function resume(): void {
  if (phase.value !== 'paused') return;
  currentEngine().resume();
  state.value = 'painting';
}

/** The first time asks, the second time insists. */
export function stop(): void {
  if (!running.value) return;
  restarting?.abort();
  restarting = null;
  if (phase.value === 'stopping') currentEngine().kill();
  state.value = 'stopping';
  stopper.abort();
}

async function work(order: Order): Promise<void> {
  const { signal } = (stopper = new AbortController());
  batch(() => {
    reset();
    dismiss();
    job.value = order.job;
    state.value = 'loading';
    enter({ index: 0, count: 1, model: order.job.networks[0]! });
  });
  const release = await holdOrder(order);
  let reached = order;
  try {
    await keep(order);
    const paintings = await paintAll(order, signal, (now) => (reached = now));
    const by = job.value ?? order.job;
    const enlarging = by.upscaler !== null && !signal.aborted;
    const before = by.networks.length;
    const last = enlarging ? await tryToEnlarge(by, paintings, signal, before) : paintings;
    if (restarting) {
      reset();
    } else {
      show(by, last);
      await Promise.all(keepers.map((inSafety) => inSafety()));
    }
    await forget(order);
  } catch (error) {
    const by = job.value ?? order.job;
    reset();
    // What is finished, and pictures that were to be continued, are still there.
    const { done, further } = reached;
    const left = [...done, ...(further?.from.slice(done.length) ?? [])];
    if (left.length > 0) show(by, left);
    if (kindOf(error) === 'cancelled') await forgetOrOffer(order);
    else explainFailure(error, by, { again: () => start({ ...reached, job: by }), anew: repaint });
  } finally {
    release();
  }
}

function show(by: Job, paintings: readonly Painting[]): void {
  batch(() => {
    job.value = by;
    result.value = { paintings };
    state.value = 'done';
  });
}
