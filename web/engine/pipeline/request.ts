import { safeParse } from 'valibot';
import { labelsOf, LEFT, type Mask } from '../../../shared/mask.ts';
import { LIMITS, settingsSchema, type StyleSettings } from '../../../shared/settings.ts';
import { InvalidRequestError, MaskError } from '../errors.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import { checkPixels, type Pixels } from './pixels.ts';
import type { SketchModels } from './sketcher.ts';

export interface StylizeRequest {
  readonly content: Pixels;
  /** One to five, with blend weights (any positive numbers; their ratio counts). */
  readonly styles: readonly { readonly pixels: Pixels; readonly weight: number }[];
  readonly network: FeatureNetwork;
  readonly settings: StyleSettings;
  /** What sketches the image to begin from, where `settings.init` asks for that. */
  readonly sketch?: SketchModels;
  /** Which style goes where; left out: all of them everywhere, by their weights. */
  readonly mask?: Mask;
  /** The image to begin from in place of `settings.init`: a pastiche to go on with. */
  readonly start?: Pixels;
}

/** Throws InvalidRequestError saying what cannot be done, before any work is. */
export function checkRequest({ content, styles, settings, mask, start }: StylizeRequest): void {
  checkPixels(content, 'the content');
  if (start) checkPixels(start, 'the picture to begin from');
  const { min, max } = LIMITS.styles;
  if (styles.length < min || styles.length > max) {
    throw new InvalidRequestError(`${styles.length} styles`, `Choose ${min} to ${max} styles.`);
  }
  for (const { pixels, weight } of styles) {
    checkPixels(pixels, 'a style');
    if (!(weight > 0) || !Number.isFinite(weight)) {
      throw new InvalidRequestError(
        `a style weight of ${weight}`,
        'Give each style a positive weight.',
      );
    }
  }
  if (mask) checkMask(mask, content, styles.length);
  const parsed = safeParse(settingsSchema, settings);
  if (parsed.success) return;
  const issue = parsed.issues[0];
  const field = issue.path?.map(({ key }) => String(key)).join('.') ?? 'settings';
  throw new InvalidRequestError(`${field}: ${issue.message}`, 'Choose a value in range.');
}

/** How much the shape of a mask may differ from the photo's: rounding of small masks. */
const SHAPE = 0.02;

/** @throws MaskError */
export function checkMask(mask: Mask, content: Pixels, styles: number): void {
  const { width, height, labels } = mask;
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!whole || labels.length !== width * height)
    throw new MaskError('the mask is not a picture of labels', 'Paint it anew.');
  const stretch = (width * content.height) / (height * content.width);
  const pixel = 1 / width + 1 / height;
  if (Math.abs(Math.log(stretch)) > SHAPE + pixel)
    throw new MaskError(
      `the mask is ${width} x ${height} and the photo ${content.width} x ${content.height}`,
      'A mask has the shape of its photo: make one of the same proportions.',
    );
  const painted = labelsOf(mask).filter((label) => label !== LEFT);
  if (painted.length === 0)
    throw new MaskError('the mask leaves everything alone', 'Give a style some of the picture.');
  const beyond = painted.find((label) => label > styles);
  if (beyond !== undefined)
    throw new MaskError(
      `the mask asks for style ${beyond} of ${styles}`,
      'Add a style, or give its region to another.',
    );
}
