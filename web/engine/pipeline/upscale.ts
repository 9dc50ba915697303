import { InvalidRequestError } from '../errors.ts';
import type { Upscaler } from '../networks/upscaler.ts';
import { checkCancelled, type Runtime } from '../runtime/runtime.ts';
import { checkPixels, type Pixels, type Planes } from './pixels.ts';
import { resample } from './resample.ts';
import { enlarge, type Patch } from './tiling.ts';

export interface UpscaleRequest {
  readonly image: Pixels;
  readonly model: Upscaler;
}

export interface UpscaleProgress {
  /** Tiles. */
  readonly done: number;
  readonly total: number;
}

export interface UpscaleOptions {
  /** Aborting throws CancelledError at the end of the tile under way. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UpscaleProgress) => void;
  /** Longest side of a tile in pixels of the input; without, what the device has room for. */
  readonly tile?: number;
}

export interface UpscaleResult {
  readonly image: Pixels;
  readonly scale: number;
  readonly tiles: number;
  /** Size of a tile in pixels of the input. */
  readonly tile: { readonly width: number; readonly height: number };
  readonly ms: number;
}

/** 1 GiB of RGBA. */
const MAX_PIXELS = 2 ** 28;

/** Networks mirror a few pixels at the picture's edge, which must be there: a narrower picture is widened for the run. */
const LEAST_SIDE = 8;

/** How far the colours of visible pixels are carried into transparent ones: what the network sees beside an edge. */
const BLEED = 8;

/**
 * `image` enlarged by the network's scale (4), colours by the network, alpha by cubic interpolation.
 *
 * @throws InvalidRequestError, UnsupportedOperatorError, OutOfMemoryError, DeviceLostError, CancelledError
 */
export async function upscale(
  runtime: Runtime,
  { image, model }: UpscaleRequest,
  { signal, onProgress, tile }: UpscaleOptions = {},
): Promise<UpscaleResult> {
  checkPixels(image, 'the picture');
  const { scale } = model;
  const [width, height] = [image.width * scale, image.height * scale];
  if (width * height > MAX_PIXELS) {
    throw new InvalidRequestError(
      `the result would be ${width} x ${height} pixels`,
      `Choose a picture of at most ${Math.floor(MAX_PIXELS / scale ** 2 / 1e6)} megapixels.`,
    );
  }
  checkCancelled(signal);
  const started = performance.now();
  const data = new Uint8ClampedArray(4 * width * height);
  fillAlpha(data, image, scale);
  const { tiles, tile: size } = await enlarge(
    runtime,
    model,
    colours(image),
    (patch) => paste(data, width, height, patch),
    {
      ...(tile !== undefined && { tile }),
      ...(signal && { signal }),
      onProgress: (done, total) => onProgress?.({ done, total }),
    },
  );
  const ms = performance.now() - started;
  return { image: { width, height, data }, scale, tiles, tile: size, ms };
}

/** Writes a patch's colours, 0..1, as far as they lie inside the picture (which may have been widened for the run). */
function paste(data: Uint8ClampedArray, width: number, height: number, patch: Patch): void {
  const area = patch.rows * patch.rowLength;
  const [columns, rows] = [
    Math.min(patch.width, width - patch.x),
    Math.min(patch.height, height - patch.y),
  ];
  for (let y = 0; y < rows; y++) {
    let from = (patch.top + y) * patch.rowLength + patch.left;
    let to = 4 * ((patch.y + y) * width + patch.x);
    for (let x = 0; x < columns; x++, from++, to += 4) {
      data[to] = patch.data[from]! * 255;
      data[to + 1] = patch.data[from + area]! * 255;
      data[to + 2] = patch.data[from + 2 * area]! * 255;
    }
  }
}

function fillAlpha(data: Uint8ClampedArray, image: Pixels, scale: number): void {
  if (isOpaque(image)) {
    for (let i = 3; i < data.length; i += 4) data[i] = 255;
    return;
  }
  const { width, height } = image;
  const alpha = Float32Array.from(
    { length: width * height },
    (_, i) => image.data[4 * i + 3]! / 255,
  );
  const enlarged = resample(
    { width, height, channels: 1, data: alpha },
    width * scale,
    height * scale,
  );
  enlarged.data.forEach((value, i) => (data[4 * i + 3] = value * 255));
}

const isOpaque = ({ data }: Pixels): boolean => {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
};

/** RGB planes 0..1, at least LEAST_SIDE wide and high (the last row and column repeated). */
function colours(image: Pixels): Planes {
  const data = isOpaque(image) ? image.data : bled(image);
  const [width, height] = [Math.max(image.width, LEAST_SIDE), Math.max(image.height, LEAST_SIDE)];
  const planes = new Float32Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * (Math.min(y, image.height - 1) * image.width + Math.min(x, image.width - 1));
      for (let c = 0; c < 3; c++) planes[(c * height + y) * width + x] = data[from + c]! / 255;
    }
  }
  return { width, height, channels: 3, data: planes };
}

/** Colours carried from visible pixels into transparent neighbours, whose own are arbitrary; grey beyond. */
function bled({ width, height, data }: Pixels): Uint8ClampedArray {
  const out = new Uint8ClampedArray(data);
  const known = Uint8Array.from({ length: width * height }, (_, i) => Number(data[4 * i + 3]! > 0));
  for (let i = 0; i < known.length; i++) if (!known[i]) out.fill(128, 4 * i, 4 * i + 3);
  for (let round = 0; round < BLEED; round++) {
    const before = known.slice();
    for (let i = 0; i < known.length; i++) {
      if (before[i]) continue;
      const x = i % width;
      const near = [
        ...(x > 0 ? [i - 1] : []),
        ...(x < width - 1 ? [i + 1] : []),
        ...(i >= width ? [i - width] : []),
        ...(i < known.length - width ? [i + width] : []),
      ].filter((j) => before[j]);
      if (near.length === 0) continue;
      for (let c = 0; c < 3; c++)
        out[4 * i + c] = near.reduce((total, j) => total + out[4 * j + c]!, 0) / near.length;
      known[i] = 1;
    }
  }
  return out;
}
