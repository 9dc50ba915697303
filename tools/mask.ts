/** --mask FILE. */
import { maskOfPicture } from '../shared/maskPicture.ts';
import type { Mask } from '../shared/mask.ts';
import { LIMITS } from '../shared/settings.ts';
import type { Pixels } from '../web/engine/pipeline/pixels.ts';
import { UsageError } from './cli.ts';

/** The mask that a picture of regions is; throws UsageError where it is none. */
export function maskOf(pixels: Pixels, styles: number, path: string): Mask {
  const mask = maskOfPicture(pixels, styles);
  if (!('why' in mask)) return mask;
  if (mask.why === 'empty') throw new UsageError(`${path}: leaves everything alone`);
  const count = mask.colours ?? `more than ${LIMITS.styles.max + 1}`;
  throw new UsageError(
    `${path}: ${count} colours for ${styles} ${styles === 1 ? 'style' : 'styles'}; a mask has a flat colour for each style, and at most one more, the darkest, for what is left alone`,
  );
}
