/** What a run needs before its first step at a size: targets, step graph, first image. */
import { Adam } from '../optimizers/adam.ts';
import { Lbfgs } from '../optimizers/lbfgs.ts';
import type { Moments, Optimizer, OptimizerOptions } from '../optimizers/optimizer.ts';
import type { OptimizerState } from '../optimizers/state.ts';
import { HostAdam, HostLbfgs } from '../optimizers/whole.ts';
import { checkCancelled, type Runtime } from '../runtime/runtime.ts';
import { breathe } from './breathe.ts';
import type { ColourPlan } from './colourPlan.ts';
import { makeObjective } from './objective.ts';
import { optimizerOptions } from './options.ts';
import { fitLongSide, rgbOf, toPlanes, type Planes } from './pixels.ts';
import type { Masking } from './regions/masking.ts';
import type { StylizeRequest } from './request.ts';
import { resample, resampleValues } from './resample.ts';
import { firstImage, type Beginning } from './start.ts';
import { measureTargets, type StyleImage } from './targets.ts';
import { measureByTiles } from './tiled/measure.ts';
import { TiledObjective, type TiledCourse } from './tiled/objective.ts';
import type { Eye } from './tiled/passes.ts';

type Size = Pick<Planes, 'width' | 'height'>;

/** What one size hands to the next. */
export interface Finished {
  /** RGB 0..1. */
  readonly image: Planes;
  readonly moments: Moments | undefined;
}

/** A size that is to be painted at, and all that is seen there. */
export interface Place {
  readonly runtime: Runtime;
  readonly request: StylizeRequest;
  readonly colours: ColourPlan;
  readonly masking: Masking;
  readonly eye: Eye;
  readonly size: Size;
  /** Of the tiles; null: in one piece. */
  readonly side: number | null;
  /** Nothing is painted yet, so that an abort ends the run at once. */
  readonly first: boolean;
  readonly course: TiledCourse;
}

/**
 * An optimiser that is ready to take steps at this size.
 *
 * @param before what the size before has come to
 * @param state where an interrupted run at this size goes on
 */
export async function prepare(
  place: Place,
  before: Finished | undefined,
  state: OptimizerState | undefined,
): Promise<Optimizer> {
  const { runtime, request, colours, masking, size } = place;
  const { settings } = request;
  const { width, height } = size;
  const seen = resample(colours.seen, width, height);
  const styles = colours.styles.map(({ planes, weight }) => {
    const at = styleSize(planes, Math.max(width, height), settings.styleScale);
    return { weight, planes: resample(planes, at.width, at.height) };
  });
  const start = before
    ? resample(before.image, width, height).data
    : await startImage(runtime, request, {
        content: seen,
        styles,
        regions: masking.regionsAt(size),
      });
  const options: OptimizerOptions = {
    ...optimizerOptions(settings),
    controlWindow: controlWindow(runtime.backend, width * height),
  };
  const values = start.map((value) => value * settings.pixelRange);
  const optimizer = await optimizerFor(place, seen, styles, values, options);
  try {
    if (before?.moments) optimizer.goOn?.(momentsAt(before.moments, before.image, width, height));
    if (state) optimizer.restore(state);
    return optimizer;
  } catch (error) {
    optimizer.dispose();
    throw error;
  }
}

async function optimizerFor(
  { runtime, masking, eye, size, side, first, course }: Place,
  content: Planes,
  styles: readonly StyleImage[],
  start: Float32Array,
  options: OptimizerOptions,
): Promise<Optimizer> {
  const { network, layers, settings, half, units, scope } = eye;
  const { width, height } = size;
  const { signal } = course;
  const mixes = masking.mixes(styles, size);
  const adam = settings.optimizer === 'adam';
  if (side === null) {
    const targets = await measureTargets(
      ...([runtime, network, layers, settings, content, styles, half, units, mixes] as const),
    );
    await breathe();
    if (first) checkCancelled(signal);
    const objective = makeObjective(network, layers, targets, settings, half, scope);
    const make = adam ? Adam : Lbfgs;
    return make.create(runtime, objective, [1, 3, height, width], start, options);
  }
  const targets = await measureByTiles(
    ...([runtime, eye, content, styles, side] as const),
    { signal },
    mixes,
  );
  const objective = new TiledObjective(runtime, eye, targets, { width, height }, side, course);
  return adam
    ? Adam.over(new HostAdam(objective, start.length, options), start, options)
    : Lbfgs.over(new HostLbfgs(objective, start.length, options), start, options);
}

async function startImage(
  runtime: Runtime,
  { settings, network, sketch, start }: StylizeRequest,
  beginning: Pick<Beginning, 'content' | 'styles' | 'regions'>,
): Promise<Float32Array> {
  if (!start) return firstImage(runtime, settings, { ...beginning, network, sketch });
  const { content } = beginning;
  return rgbOf(resample(toPlanes(start), content.width, content.height));
}

/** A style is shrunk to the pastiche's size times its scale, and never enlarged. */
export function styleSize({ width, height }: Size, longSide: number, styleScale: number): Size {
  const wanted = Math.round(longSide * styleScale);
  return fitLongSide(width, height, Math.min(wanted, Math.max(width, height)));
}

/** Small steps are over before their losses arrive, so some are under way at once; large ones are worth waiting for. */
function controlWindow(backend: Runtime['backend'], pixels: number): number {
  return backend === 'wasm' ? 1 : Math.max(1, Math.min(8, Math.floor(2 ** 18 / pixels)));
}

/**
 * Moments of the size of `image` at another size: the first by cubic interpolation; the second, which is never negative,
 * linearly (crowsonkb/style-transfer-pytorch).
 */
function momentsAt(
  { first, second, age }: Moments,
  { width, height }: Planes,
  outWidth: number,
  outHeight: number,
): Moments {
  const at = (kernel: 'cubic' | 'linear', data: Float32Array) =>
    resampleValues(kernel, { width, height, channels: 3, data }, outWidth, outHeight).data;
  return { first: at('cubic', first), second: at('linear', second), age };
}
