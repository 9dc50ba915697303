/** Resampling of planes, separable: kernels are widened when shrinking, so that nothing aliases. */
import { fitLongSide, type Planes } from './pixels.ts';

interface Kernel {
  /** Zero from this distance on. */
  readonly support: number;
  readonly at: (distance: number) => number;
}

/** Cubic convolution (Keys 1981, a = −½). */
const CUBIC: Kernel = {
  support: 2,
  at: (x) => {
    const t = Math.abs(x);
    if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
    return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
  },
};

const LINEAR: Kernel = { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) };

interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** For each output position, the input positions it is made of; weights sum to 1. */
function tapsOf(size: number, outSize: number, { support, at }: Kernel): Taps[] {
  const scale = size / outSize;
  const width = Math.max(scale, 1);
  return Array.from({ length: outSize }, (_, o) => {
    const centre = (o + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support * width));
    const last = Math.min(size, Math.ceil(centre + support * width));
    const raw = Float64Array.from({ length: last - first }, (_, i) =>
      at((first + i + 0.5 - centre) / width),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((w) => w / sum) };
  });
}

/** The planes at another size. Values may overshoot 0..1 slightly; they are clamped back. The same size is the same object. */
export function resample(source: Planes, width: number, height: number): Planes {
  if (source.width === width && source.height === height) return source;
  const down = resampleBy(CUBIC, source, width, height);
  for (let i = 0; i < down.data.length; i++) down.data[i] = Math.min(1, Math.max(0, down.data[i]!));
  return down;
}

/** Values of any range at another size, by cubic or linear interpolation. */
export const resampleValues = (
  kernel: 'cubic' | 'linear',
  source: Planes,
  width: number,
  height: number,
): Planes => resampleBy(kernel === 'cubic' ? CUBIC : LINEAR, source, width, height);

const resampleBy = (kernel: Kernel, source: Planes, width: number, height: number): Planes =>
  resampleColumns(kernel, resampleRows(kernel, source, width), height);

function resampleRows(
  kernel: Kernel,
  { width, height, channels, data }: Planes,
  outWidth: number,
): Planes {
  const taps = tapsOf(width, outWidth, kernel);
  const rows = channels * height;
  const out = new Float32Array(rows * outWidth);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < outWidth; x++) {
      const { first, weights } = taps[x]!;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * data[row * width + first + i]!;
      out[row * outWidth + x] = sum;
    }
  }
  return { width: outWidth, height, channels, data: out };
}

function resampleColumns(
  kernel: Kernel,
  { width, height, channels, data }: Planes,
  outHeight: number,
): Planes {
  const taps = tapsOf(height, outHeight, kernel);
  const out = new Float32Array(channels * outHeight * width);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < outHeight; y++) {
      const { first, weights } = taps[y]!;
      const to = (c * outHeight + y) * width;
      for (let i = 0; i < weights.length; i++) {
        const from = (c * height + first + i) * width;
        const weight = weights[i]!;
        for (let x = 0; x < width; x++) out[to + x]! += weight * data[from + x]!;
      }
    }
  }
  return { width, height: outHeight, channels, data: out };
}

/** No longer than `side`, and never enlarged. */
export function shrunk(picture: Planes, side: number): Planes {
  const long = Math.min(side, Math.max(picture.width, picture.height));
  const { width, height } = fitLongSide(picture.width, picture.height, long);
  return resample(picture, width, height);
}
