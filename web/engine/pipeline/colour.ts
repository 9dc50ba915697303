/**
 * A pastiche in the photo's own colours (Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer",
 * arXiv:1606.05897, section 3.2, luminance-only transfer): pictures go grey into the network, the chrominance comes
 * from the content.
 */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';
import type { Planes } from './pixels.ts';

/** Y of YIQ. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** Y of each pixel. `rgb`: three planes, or more. */
function lumaOf(rgb: Float32Array, area: number): Float32Array {
  const [r, g, b] = LUMA;
  return Float32Array.from(
    { length: area },
    (_, i) => r * rgb[i]! + g * rgb[area + i]! + b * rgb[2 * area + i]!,
  );
}

/** The luminance of an image [1, 3, H, W] in all three of its channels. */
export function luminance(b: GraphBuilder, image: Value): Value {
  const weights = b.initializer(float32([1, 3, 1, 1], LUMA), 'luma');
  return b.expand(b.reduceSum(b.mul(image, weights), [1]), image.dims);
}

/** The picture in grey; alpha as it was. */
export function greyed({ width, height, channels, data }: Planes): Planes {
  const area = width * height;
  const luma = lumaOf(data, area);
  const out = data.slice();
  for (let c = 0; c < 3; c++) out.set(luma, c * area);
  return { width, height, channels, data: out };
}

/** The grey style with the mean and spread of the grey content's luminance: section 3.2's L′ = σC/σS·(L − μS) + μC. */
export function matchedTo(content: Planes, style: Planes): Planes {
  const area = style.width * style.height;
  const to = spread(content.data.subarray(0, content.width * content.height));
  const from = spread(style.data.subarray(0, area));
  const gain = to.deviation / Math.max(from.deviation, 1e-3);
  const out = style.data.slice();
  for (let i = 0; i < 3 * area; i++) {
    out[i] = Math.min(1, Math.max(0, gain * (style.data[i]! - from.mean) + to.mean));
  }
  return { ...style, data: out };
}

function spread(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/**
 * The content's colours at the luminance of `rgb`, planes 0..1. Where a colour is too saturated for its new luminance it
 * fades toward grey, which keeps its hue; cutting channels off would not.
 */
export function recoloured(rgb: Float32Array, content: Planes): Float32Array {
  const area = content.width * content.height;
  const [painted, own] = [lumaOf(rgb, area), lumaOf(content.data, area)];
  const out = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    const y = Math.min(1, Math.max(0, painted[i]!));
    let room = 1;
    for (let c = 0; c < 3; c++) {
      const chroma = content.data[c * area + i]! - own[i]!;
      if (chroma > 0) room = Math.min(room, (1 - y) / chroma);
      if (chroma < 0) room = Math.min(room, -y / chroma);
    }
    for (let c = 0; c < 3; c++) {
      out[c * area + i] = y + room * (content.data[c * area + i]! - own[i]!);
    }
  }
  return out;
}
