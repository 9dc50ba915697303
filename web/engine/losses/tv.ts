/** Total variation: how much neighbouring pixels differ (Rudin, Osher, Fatemi 1992; each program has its own form). */
import type { StyleSettings } from '../../../shared/settings.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';

/**
 * Total variation of `x`: [1, 3, H, W], in whatever units it comes. Scalar.
 *
 * - `half-squares`: ½Σ(dx² + dy²), whose gradient is jcjohnson/neural-style's
 * - `absolute`: Σ|dx| + Σ|dy|, gordicaleksa's
 * - `mean-squares`: mean(dx²) + mean(dy²), anishathalye's up to a factor
 * - `nine-point`: crowsonkb's, edges repeated: 2·(mean(dx²)/3 + mean(dy²)/3 + mean(d↘²)/12 + mean(d↙²)/12)
 */
export function totalVariation(b: GraphBuilder, x: Value, form: StyleSettings['tv']): Value {
  if (form === 'nine-point') return ninePoint(b, x);
  const { dx, dy } = differences(b, x);
  switch (form) {
    case 'half-squares':
      return b.mul(b.add(b.sum(b.square(dx)), b.sum(b.square(dy))), 0.5);
    case 'absolute':
      return b.add(b.sum(b.abs(dx)), b.sum(b.abs(dy)));
    case 'mean-squares':
      return b.add(b.mean(b.square(dx)), b.mean(b.square(dy)));
  }
}

function differences(b: GraphBuilder, x: Value): { readonly dx: Value; readonly dy: Value } {
  const [, , h, w] = x.dims as [number, number, number, number];
  const part = (axis: number, from: number, to: number) => b.slice(x, [axis], [from], [to]);
  return {
    dx: b.sub(part(3, 1, w), part(3, 0, w - 1)),
    dy: b.sub(part(2, 1, h), part(2, 0, h - 1)),
  };
}

function ninePoint(b: GraphBuilder, x: Value): Value {
  const padded = b.pad(x, [0, 0, 1, 1, 0, 0, 1, 1], 'edge');
  const [, , h, w] = x.dims as [number, number, number, number];
  // Window of the padded image whose top left corner is moved by (top, left).
  const at = (top: number, left: number, height: number, width: number) =>
    b.slice(padded, [2, 3], [top, left], [top + height, left + width]);
  const mean = (a: Value, c: Value) => b.mean(b.square(b.sub(a, c)));
  const parts = [
    b.mul(mean(at(1, 1, h, w + 1), at(1, 0, h, w + 1)), 2 / 3),
    b.mul(mean(at(1, 1, h + 1, w), at(0, 1, h + 1, w)), 2 / 3),
    b.mul(mean(at(1, 1, h + 1, w + 1), at(0, 0, h + 1, w + 1)), 1 / 6),
    b.mul(mean(at(1, 0, h + 1, w + 1), at(0, 1, h + 1, w + 1)), 1 / 6),
  ];
  return parts.reduce((sum, part) => b.add(sum, part));
}
