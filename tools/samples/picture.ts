// What every sample picture declares about itself.
import type { Raster, Size } from './lib/raster.ts';

export interface Picture extends Size {
  id: string;
  kind: 'content' | 'style';
  /** Paints at any size of about the declared proportions, in display values 0..1. */
  paint(size: Size): Raster | Promise<Raster>;
}
