import { safeParse } from 'valibot';
import { LIMITS, settingsSchema, type StyleSettings } from '../../../shared/settings.ts';
import { InvalidRequestError } from '../errors.ts';
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
  /** The image to begin from in place of `settings.init`: a pastiche to go on with. */
  readonly start?: Pixels;
}

/** Throws InvalidRequestError saying what cannot be done, before any work is. */
export function checkRequest({ content, styles, settings, start }: StylizeRequest): void {
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
  const parsed = safeParse(settingsSchema, settings);
  if (parsed.success) return;
  const issue = parsed.issues[0];
  const field = issue.path?.map(({ key }) => String(key)).join('.') ?? 'settings';
  throw new InvalidRequestError(`${field}: ${issue.message}`, 'Choose a value in range.');
}
