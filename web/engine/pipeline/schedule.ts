import { pyramid } from '../../../shared/pyramid.ts';
import type { StyleSettings } from '../../../shared/settings.ts';
import { fitLongSide } from './pixels.ts';

export interface Scale {
  readonly width: number;
  readonly height: number;
  /** Steps to take at this size. */
  readonly steps: number;
}

/** The sizes of a picture of this shape, coarse to fine. */
export const planScales = (width: number, height: number, settings: StyleSettings): Scale[] =>
  pyramid(settings).map(({ size, steps }) => ({ ...fitLongSide(width, height, size), steps }));
