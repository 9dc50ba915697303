/** Carries out an order, stage by stage, and helps itself where it can: a smaller size, a second try after a loss. */
import type { Painted } from '../../worker/client.ts';
import type {
  ModelEntry,
  StylizeTask,
  UpscaleOutcome,
  UpscaleTask,
} from '../../worker/contract.ts';
import { CancelledError, kindOf } from '../../worker/faults.ts';
import { chooseSize, settings, smallerThan } from '../choices/choices.ts';
import { capabilities } from '../engine/engine.ts';
import { chosenUpscaler, sourceOf, upscalers } from '../networks/networks.ts';
import { notify } from '../notice/notice.ts';
import { learn } from './estimate.ts';
import { askedOf, worthOf, type Order } from './order.ts';
import { append, copyOf, toPainting, type Painting } from './painting.ts';
import type { Heard, Stage } from './state.ts';
import { forgetCheckpoint, keep } from './store.ts';
import type { Wish } from './wish.ts';

/** What the stages have of the machine that they are stages of. */
export interface Bench {
  readonly signal: AbortSignal;
  /** A stage begins, of which nothing is known yet. */
  enter(stage: Stage): void;
  /** From now on the run is after this. */
  change(wish: Wish): void;
  task(wish: Wish, network: ModelEntry): Promise<StylizeTask>;
  stylize(task: StylizeTask): Promise<Painted>;
  upscale(task: UpscaleTask): Promise<UpscaleOutcome>;
  heard(): Heard;
}

/**
 * `reach`: hears of the order as far as it has come, for whoever goes on with it after a failure.
 *
 * @throws RestyleError; CancelledError if it was stopped before there was a picture
 */
export async function paintAll(
  order: Order,
  bench: Bench,
  reach: (order: Order) => void,
): Promise<readonly Painting[]> {
  let now = order;
  const { networks, upscaler } = order.wish;
  const count = networks.length * (upscaler ? 2 : 1);
  for (let index = now.done.length; index < networks.length && !bench.signal.aborted; index++) {
    bench.enter({ index, count, model: networks[index]! });
    try {
      const [painting, wish] = await paint(now, index, bench);
      now = { ...now, wish, done: [...now.done, painting] };
      if (painting.end !== 'whole') continue;
      reach(now);
      await keep(now);
    } catch (error) {
      // Stopped while the second was only beginning: the first is worth having.
      if (kindOf(error) !== 'cancelled' || now.done.length === 0) throw error;
    }
  }
  if (now.done.length === 0) throw new CancelledError();
  // Stopped before the second was continued: it stays as it was.
  return worthOf(now);
}

/**
 * Every picture that is not enlarged yet. `before`: stages that went before. `onEach`: all of them, after each one.
 *
 * @throws RestyleError; CancelledError if it was stopped, or there is nothing to enlarge with
 */
export async function enlargeAll(
  { upscaler }: Wish,
  paintings: readonly Painting[],
  bench: Bench,
  before: number,
  onEach: (paintings: readonly Painting[]) => void,
): Promise<void> {
  const model = upscaler ?? chosenUpscaler.value ?? upscalers.value[0];
  if (!model) throw new CancelledError();
  const large = [...paintings];
  for (const [i, painting] of paintings.entries()) {
    if (painting.large) continue;
    bench.enter({ index: before + i, count: before + paintings.length, model });
    const outcome = await bench.upscale({ image: painting.image, model: sourceOf(model) });
    large[i] = { ...painting, large: outcome.image };
    onEach([...large]);
  }
}

/** The painting, and the wish as it was in the end. */
async function paint(
  order: Order,
  index: number,
  bench: Bench,
): Promise<readonly [Painting, Wish]> {
  let now = order;
  let lostBefore = false;
  for (;;) {
    try {
      return [await attempt(now, index, bench), now.wish];
    } catch (error) {
      const kind = kindOf(error);
      const { size } = now.wish.settings;
      const smaller = smallerThan(size);
      if (kind === 'out-of-memory' && smaller !== null) {
        now = { ...now, wish: { ...now.wish, settings: { ...now.wish.settings, size: smaller } } };
        bench.change(now.wish);
        // The choice was what did not fit, unless another was made meanwhile.
        if (settings.peek().size === size) chooseSize(smaller);
        await forgetCheckpoint(now);
        await keep(now);
        notify({ kind: 'helped', how: 'smaller', size: smaller });
      } else if ((kind === 'device-lost' || kind === 'engine-lost') && !lostBefore) {
        lostBefore = true;
        notify({ kind: 'helped', how: kind });
      } else {
        throw error;
      }
      const { networks, upscaler } = now.wish;
      const count = networks.length * (upscaler ? 2 : 1);
      bench.enter({ index, count, model: networks[index]! });
    }
  }
}

async function attempt(order: Order, index: number, bench: Bench): Promise<Painting> {
  const network = order.wish.networks[index]!;
  const from = order.further?.from[index];
  const task = await bench.task(askedOf(order), network);
  const painted = await bench.stylize({
    ...task,
    keepAs: order.id,
    ...(from && { start: copyOf(from.image) }),
  });
  const { losses, progress } = bench.heard();
  const painting = toPainting(painted, network, losses, progress?.msPerStep ?? 0);
  if (painting.end === 'whole' && capabilities.value) {
    const area = painting.image.width * painting.image.height;
    learn(capabilities.value.backend, network.id, painting.seconds, area, task.settings);
  }
  return from ? append(from, painting) : painting;
}
