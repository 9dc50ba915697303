/** Carries out an order, stage by stage, and helps itself where it can: a smaller size, a second try after a lost GPU. */
import { batch } from '@preact/signals-core';
import type { Painted } from '../../worker/client.ts';
import type { ModelEntry, Pixels, Progress, Report, StepLosses } from '../../worker/contract.ts';
import { CancelledError, kindOf } from '../../worker/faults.ts';
import { notify } from '../notice/notice.ts';
import { chooseSize, settings, smallerThan } from '../choices/choices.ts';
import { chosenUpscaler, sourceOf, upscalers } from '../networks/networks.ts';
import { capabilities, currentEngine } from '../engine/engine.ts';
import { learn } from './estimate.ts';
import { toRequest, type Job } from './wish.ts';
import { Pace } from './pace.ts';
import * as run from './state.ts';
import type { Painting } from './state.ts';
import { forgetCheckpoint, keep, noteKept } from './unfinished.ts';

/** A job on its way: it can be interrupted at any time and gone on with. */
export interface Order {
  readonly id: string;
  readonly job: Job;
  /** Finished before the order was interrupted. */
  readonly done: readonly Painting[];
  /** So many more steps, from these pictures, one a network; null to begin anew. */
  readonly further: { readonly steps: number; readonly from: readonly Painting[] } | null;
}

/** Its job is its own, so that the same wishes twice are told apart. */
export const newOrder = (job: Job): Order => ({
  id: crypto.randomUUID(),
  job: { ...job },
  done: [],
  further: null,
});

/**
 * `reach`: hears of the order as far as it has come, for whoever goes on with it after a failure.
 *
 * @throws RestyleError; CancelledError if it was stopped before there was a picture
 */
export async function paintAll(
  order: Order,
  signal: AbortSignal,
  reach: (order: Order) => void,
): Promise<readonly Painting[]> {
  let now = order;
  const paintings = [...order.done];
  const { networks, upscaler } = order.job;
  const count = networks.length * (upscaler ? 2 : 1);
  for (let index = paintings.length; index < networks.length && !signal.aborted; index++) {
    run.enter({ index, count, model: networks[index]! });
    run.state.value = 'loading';
    try {
      const painting = await paint(now, index, signal);
      paintings.push(painting);
      if (painting.end !== 'whole') continue;
      now = { ...now, job: jobOf(now), done: [...paintings] };
      reach(now);
      await keep(now);
    } catch (error) {
      // Stopped while the second was only beginning: the first is worth having.
      if (kindOf(error) !== 'cancelled' || paintings.length === 0) throw error;
    }
  }
  if (paintings.length === 0) throw new CancelledError();
  // Stopped before the second was continued: it stays as it was.
  return [...paintings, ...(order.further?.from.slice(paintings.length) ?? [])];
}

/**
 * Every picture that is not enlarged yet. `before`: stages that went before. `onEach`: all of them, after each one.
 *
 * @throws RestyleError; CancelledError if it was stopped, or there is nothing to enlarge with
 */
export async function enlargeAll(
  { upscaler }: Job,
  paintings: readonly Painting[],
  signal: AbortSignal,
  before: number,
  onEach: (paintings: readonly Painting[]) => void,
): Promise<void> {
  const model = upscaler ?? chosenUpscaler.value ?? upscalers.value[0];
  if (!model) throw new CancelledError();
  const large = [...paintings];
  for (const [i, painting] of paintings.entries()) {
    if (painting.large) continue;
    run.enter({ index: before + i, count: before + paintings.length, model });
    run.preview.value = painting.image;
    const image = copyOf(painting.image);
    const outcome = await currentEngine().upscale(signal, { image, model: sourceOf(model) }, hear);
    large[i] = { ...painting, large: outcome.image };
    onEach([...large]);
  }
}

/** As ordered, but for a size that turned out to be too large. */
const jobOf = (order: Order): Job => run.job.value ?? order.job;

/** What is handed to the worker is gone from here. */
const copyOf = ({ width, height, data }: Pixels): Pixels => ({ width, height, data: data.slice() });

async function paint(order: Order, index: number, signal: AbortSignal): Promise<Painting> {
  const network = order.job.networks[index]!;
  let lostBefore = false;
  for (;;) {
    const job = jobOf(order);
    try {
      return await attempt(order, job, index, signal);
    } catch (error) {
      const smaller = smallerThan(job.settings.size);
      if (kindOf(error) === 'out-of-memory' && smaller !== null) {
        run.job.value = { ...job, settings: { ...job.settings, size: smaller } };
        // The choice was what did not fit, unless another was made meanwhile.
        if (settings.peek().size === job.settings.size) chooseSize(smaller);
        await forgetCheckpoint(order);
        await keep({ ...order, job: run.job.value });
        notify({ kind: 'helped', how: 'smaller', size: smaller });
      } else if (kindOf(error) === 'device-lost' && !lostBefore) {
        lostBefore = true;
        notify({ kind: 'helped', how: 'device-lost' });
      } else {
        // It may be the checkpoint that does not fit; the next try begins without.
        if (kindOf(error) === 'invalid-request') await forgetCheckpoint(order);
        throw error;
      }
      run.state.value = 'loading';
      run.enter({ index, count: run.stage.value?.count ?? 1, model: network });
    }
  }
}

async function attempt(
  order: Order,
  job: Job,
  index: number,
  signal: AbortSignal,
): Promise<Painting> {
  const network = job.networks[index]!;
  const from = order.further?.from[index];
  const request = await toRequest(order.further ? further(job, order.further.steps) : job, network);
  pace = new Pace();
  const painted = await currentEngine().stylize(
    signal,
    { ...request, keepAs: order.id, ...(from && { start: copyOf(from.image) }) },
    hear,
  );
  const painting = toPainting(painted, network);
  if (painting.end === 'whole' && capabilities.value) {
    const area = painting.image.width * painting.image.height;
    learn(capabilities.value.backend, network.id, painting.seconds, area, request.settings);
  }
  return from ? append(from, painting) : painting;
}

/** The finished picture is at its full size, so there are no scales before it. */
const further = (job: Job, steps: number): Job => ({
  ...job,
  settings: { ...job.settings, steps, scales: 1 },
});

function toPainting(painted: Painted, network: ModelEntry): Painting {
  const rows = run.losses.value;
  const ms = painted.cutShort
    ? (run.progress.value?.msPerStep ?? 0) * rows.length
    : painted.setupMs + painted.msPerStep * rows.length;
  return {
    network,
    image: painted.image,
    large: null,
    steps: rows.length,
    seconds: ms / 1000,
    losses: rows,
    end: painted.cutShort ? 'cut' : painted.finished ? 'whole' : 'stopped',
  };
}

/** Losses of the further steps stand behind those of the steps before, as a scale of their own. */
function append(before: Painting, after: Painting): Painting {
  const scale = (before.losses.at(-1)?.scale ?? 0) + 1;
  const further = after.losses.map((row): StepLosses => ({
    ...row,
    scale,
    step: row.step + before.steps,
  }));
  return {
    ...after,
    steps: before.steps + after.steps,
    seconds: before.seconds + after.seconds,
    losses: [...before.losses, ...further],
  };
}

let pace = new Pace();

function hear(report: Report): void {
  batch(() => {
    switch (report.kind) {
      case 'backend':
        capabilities.value = report.capabilities;
        break;
      case 'download':
        run.download.value = report;
        break;
      case 'progress':
        hearProgress(report.progress);
        break;
      case 'kept':
        noteKept(report.problem);
        break;
      case 'tiles':
        run.tiles.value = report;
    }
  });
}

function hearProgress(news: Progress): void {
  run.progress.value = news;
  run.speed.value = pace.note(news);
  if (news.losses.length > 0) run.losses.value = [...run.losses.value, ...news.losses];
  if (news.preview) run.preview.value = news.preview;
  if (run.state.value === 'loading' && news.phase === 'painting') run.state.value = 'painting';
}
