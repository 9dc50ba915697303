import { LIMITS, type StyleSettings } from '../../../shared/settings.ts';
import { fitLongSide } from './pixels.ts';

export interface Scale {
  readonly width: number;
  readonly height: number;
  /** Steps to take at this size. */
  readonly steps: number;
}

/** Coarse to fine by √2 (crowsonkb/style-transfer-pytorch): steps are shared out evenly, the rest goes to the coarsest. */
export function planScales(width: number, height: number, settings: StyleSettings): Scale[] {
  const sizes = Array.from({ length: settings.scales }, (_, i) =>
    Math.round(settings.size / 2 ** ((settings.scales - 1 - i) / 2)),
  );
  const usable = sizes.filter((size, i) => i === sizes.length - 1 || size >= LIMITS.size.min);
  const count = Math.min(usable.length, settings.steps);
  const each = Math.floor(settings.steps / count);
  return usable.slice(-count).map((size, i) => ({
    ...fitLongSide(width, height, size),
    steps: each + (i === 0 ? settings.steps - each * count : 0),
  }));
}
