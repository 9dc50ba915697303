/** Networks that take pictures of some sizes only: layers that meet again after halving and doubling, say. */
import { InvalidModelError, UnsupportedOperatorError } from '../errors.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';

/** Sides that networks ask for are multiples of these. */
const MULTIPLES = [2, 4, 8, 16, 32, 64];
/** What is smaller is too thin, which is another matter. */
const SMALLEST = 16;

/** Whether shapes do not go together at this size, rather than anything being wrong with the file. */
export const isMisfit = (error: unknown): error is InvalidModelError =>
  error instanceof InvalidModelError && error.cause instanceof RangeError;

/**
 * What `write` makes of the image, or else of the image with its last rows and columns repeated up to the smallest
 * multiple that does.
 *
 * @param image [1, 3, H, W]
 * @param ownSize the one that the file says it is for
 * @throws UnsupportedOperatorError if no size near this one does, and the file is for one size
 */
export function fitting<T>(
  b: GraphBuilder,
  image: Value,
  write: (image: Value) => T,
  ownSize: string | null,
): T {
  try {
    return write(image);
  } catch (error) {
    if (!isMisfit(error)) throw error;
    const [, , height, width] = image.dims as [number, number, number, number];
    for (const multiple of MULTIPLES) {
      if (Math.min(height, width) < Math.max(multiple, SMALLEST)) break;
      const missing = (side: number) => (multiple - (side % multiple)) % multiple;
      const [below, right] = [missing(height), missing(width)];
      if (below === 0 && right === 0) continue;
      try {
        return write(b.pad(image, [0, 0, 0, 0, 0, 0, below, right], 'edge'));
      } catch (again) {
        if (!isMisfit(again)) throw again;
      }
    }
    if (!ownSize) throw error;
    throw new UnsupportedOperatorError(
      `this network is for pictures of ${ownSize} pixels only: ${error.message}`,
      'Export it with height and width left open, or take layers before that node.',
      { cause: error },
    );
  }
}
