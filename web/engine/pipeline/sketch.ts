/** A photo in the manner of other pictures by one pass of the sketch network. */
import type { StyleSettings } from '../../../shared/settings.ts';
import { InvalidRequestError } from '../errors.ts';
import { checkCancelled, type Runtime } from '../runtime/runtime.ts';
import { planColours, type ColourPlan, type WeightedPicture } from './colourPlan.ts';
import {
  checkPixels,
  fitLongSide,
  toPixels,
  toPlanes,
  type Pixels,
  type Planes,
} from './pixels.ts';
import { resample, shrunk } from './resample.ts';
import { mixManners, Sketcher, type SketchModels } from './sketcher.ts';

/** Longest side in pixels that is painted; a larger sketch is enlarged from there. */
const SKETCH_LIMIT = 1024;

/** A sketch ends in the style's palette to the letter, so that choice asks nothing more of it. */
export const planSketchColours = (
  colours: StyleSettings['colours'],
  content: Planes,
  styles: readonly WeightedPicture[],
): ColourPlan => planColours(colours === 'palette' ? 'style' : colours, content, styles);

export interface SketchRequest {
  readonly content: Pixels;
  /** With blend weights: any positive numbers, their ratio counts. */
  readonly styles: readonly { readonly pixels: Pixels; readonly weight: number }[];
  readonly models: SketchModels;
  /** Long side of the sketch in pixels. */
  readonly size: number;
  /** 0..1; left out: 1. */
  readonly strength?: number;
  /** Whose colours the sketch has; left out: the style's. */
  readonly colours?: StyleSettings['colours'];
}

/**
 * A sketch of `content` in the manner of `styles`, its alpha kept.
 *
 * @throws InvalidRequestError, OutOfMemoryError, DeviceLostError, ComputeError, CancelledError
 */
export async function sketch(
  runtime: Runtime,
  { content, styles, models, size, strength = 1, colours = 'style' }: SketchRequest,
  signal?: AbortSignal,
): Promise<Pixels> {
  checkPixels(content, 'the content');
  for (const { pixels } of styles) checkPixels(pixels, 'a style');
  if (styles.length === 0) throw new InvalidRequestError('no style', 'Choose a style.');
  const shape = toPlanes(content);
  const side = Math.min(size, SKETCH_LIMIT);
  const full = fitLongSide(content.width, content.height, size);
  const small = fitLongSide(content.width, content.height, side);
  const shown = resample(shape, small.width, small.height);
  const manners = styles.map(({ pixels, weight }) => ({
    planes: shrunk(toPlanes(pixels), side),
    weight,
  }));
  const plan = planSketchColours(colours, shown, manners);
  const sketcher = new Sketcher(runtime, models);
  try {
    const parts = [];
    for (const { planes, weight } of plan.styles) {
      checkCancelled(signal);
      parts.push({ manner: (await sketcher.study(planes)).manner, weight });
    }
    checkCancelled(signal);
    const study = await sketcher.study(plan.seen);
    checkCancelled(signal);
    const painted = await sketcher.paint(study, mixManners(parts), strength);
    const whole = resample(shape, full.width, full.height);
    return toPixels(plan.shown(resample(painted, full.width, full.height).data, whole), whole);
  } finally {
    sketcher.dispose();
  }
}
