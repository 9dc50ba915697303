/** A photo in the manner of other pictures by one pass of the sketch network. */
import type { Mask } from '../../../shared/mask.ts';
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
import { overPhoto, regionsAt } from './regions/regions.ts';
import { checkMask } from './request.ts';
import { resample, shrunk } from './resample.ts';
import { paintRegions, Sketcher, type SketchModels } from './sketcher.ts';

/** Longest side in pixels that is painted; a larger sketch is enlarged from there. */
const SKETCH_LIMIT = 1024;

/** A sketch ends in the style's palette to the letter, so that choice asks nothing more of it. */
export const planSketchColours = (
  colours: StyleSettings['colours'],
  content: Planes,
  styles: readonly WeightedPicture[],
): ColourPlan => planColours(colours === 'palette' ? 'style' : colours, content, styles);

/** RGB planes as people see them: in the plan's colours, and the photo where a mask leaves that alone. */
export function shownSketch(
  plan: ColourPlan,
  painted: Planes,
  photo: Planes,
  mask: Mask | undefined,
): Float32Array {
  const { width, height } = photo;
  const { data } = resample(painted, width, height);
  if (!mask) return plan.shown(data, photo);
  const at = regionsAt(mask, width, height);
  const painting = plan.shown(data, photo, at.regions);
  return at.painted ? overPhoto(painting, photo.data, at.painted) : painting;
}

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
  /** Which style goes where; left out: all of them everywhere. */
  readonly mask?: Mask;
}

/**
 * A sketch of `content` in the manner of `styles`, its alpha kept.
 *
 * @throws InvalidRequestError, MaskError, OutOfMemoryError, DeviceLostError, ComputeError, CancelledError
 */
export async function sketch(
  runtime: Runtime,
  { content, styles, models, size, strength = 1, colours = 'style', mask }: SketchRequest,
  signal?: AbortSignal,
): Promise<Pixels> {
  checkPixels(content, 'the content');
  for (const { pixels } of styles) checkPixels(pixels, 'a style');
  if (styles.length === 0) throw new InvalidRequestError('no style', 'Choose a style.');
  if (mask) checkMask(mask, content, styles.length);
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
    const regions = mask && regionsAt(mask, small.width, small.height).regions;
    const painted = await paintRegions(sketcher, study, plan.seen, { parts, strength, regions });
    const whole = resample(shape, full.width, full.height);
    return toPixels(shownSketch(plan, painted, whole, mask), whole);
  } finally {
    sketcher.dispose();
  }
}
