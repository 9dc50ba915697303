/** Makes the film: from the photo through the run's frames to the picture. Loaded on request, for the muxers are large. */
import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  Quality,
  WebMOutputFormat,
} from 'mediabunny';
import { LONG_SIDE } from './reel.ts';

const RATE = 24;
/** Seconds. */
const PHOTO = 0.8;
const RESULT = 1.8;
const LONGEST = 8;
/** Fewer frames make a shorter film; they are faded into each other. */
const PER_FRAME = 0.15;
const SHORTEST = 2;

/** MP4 with H.264 plays everywhere; where the browser cannot make that, the best of WebM. */
const CODECS = ['avc', 'vp9', 'av1', 'vp8'] as const;

/** The photo, the frames, the picture: of one painting. */
export type Track = readonly Blob[];

export interface Film {
  readonly blob: Blob;
  readonly ending: 'mp4' | 'webm';
}

export interface FilmOptions {
  /** Of the picture; several tracks stand side by side. */
  readonly width: number;
  readonly height: number;
  readonly signal: AbortSignal;
  /** 0..1 */
  readonly onProgress: (part: number) => void;
}

/** @throws DOMException AbortError; Error if this browser cannot encode video */
export async function makeFilm(tracks: readonly Track[], options: FilmOptions): Promise<Film> {
  const { signal } = options;
  const size = sizeOf(options, tracks.length);
  const canvas = new OffscreenCanvas(size.width * tracks.length, size.height);
  const quality = new Quality('high');
  const { width, height } = canvas;
  const codec = await getFirstEncodableVideoCodec([...CODECS], { width, height, quality });
  if (!codec) throw new Error('this browser cannot encode video');
  const mp4 = codec === 'avc';
  const target = new BufferTarget();
  const output = new Output({
    format: mp4 ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat(),
    target,
  });
  const source = new CanvasSource(canvas, { codec, quality });
  output.addVideoTrack(source, { frameRate: RATE });
  const screens = tracks.map((track, i) => new Screen(canvas, track, i * size.width, size));
  try {
    await output.start();
    const path = pathOf(Math.max(...tracks.map(({ length }) => length)));
    for (const [i, at] of path.entries()) {
      signal.throwIfAborted();
      for (const screen of screens) await screen.show(at);
      await source.add(i / RATE, 1 / RATE);
      options.onProgress((i + 1) / path.length);
    }
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  } finally {
    for (const screen of screens) screen.dispose();
  }
  const type = mp4 ? 'video/mp4' : 'video/webm';
  return { blob: new Blob([target.buffer!], { type }), ending: mp4 ? 'mp4' : 'webm' };
}

/** Encoders want even sides. */
function sizeOf({ width, height }: FilmOptions, tracks: number) {
  const scale = Math.min(1, LONG_SIDE / Math.max(width * tracks, height));
  const even = (side: number) => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}

/** Where the film is at each of its frames: 0 the photo, 1 the picture. */
function pathOf(frames: number): readonly number[] {
  const seconds = Math.min(LONGEST, Math.max(SHORTEST, frames * PER_FRAME));
  const [first, middle, last] = [PHOTO, seconds, RESULT].map((part) => Math.round(part * RATE));
  return [
    ...Array<number>(first!).fill(0),
    ...Array.from({ length: middle! }, (_, i) => (i + 1) / (middle! + 1)),
    ...Array<number>(last!).fill(1),
  ];
}

/** A part of the canvas on which one track is shown. Holds the two frames in use, and no others. */
class Screen {
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #track: Track;
  readonly #left: number;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #open = new Map<number, ImageBitmap>();

  constructor(
    canvas: OffscreenCanvas,
    track: Track,
    left: number,
    size: { readonly width: number; readonly height: number },
  ) {
    this.#context = canvas.getContext('2d', { alpha: false })!;
    this.#context.imageSmoothingQuality = 'high';
    this.#track = track;
    this.#left = left;
    this.#size = size;
  }

  async show(at: number): Promise<void> {
    const place = at * (this.#track.length - 1);
    const from = Math.floor(place);
    const to = Math.min(from + 1, this.#track.length - 1);
    for (const [index, bitmap] of this.#open) {
      if (index !== from && index !== to) this.#close(index, bitmap);
    }
    const { width, height } = this.#size;
    this.#context.globalAlpha = 1;
    this.#context.fillStyle = '#fff';
    this.#context.fillRect(this.#left, 0, width, height);
    await this.#draw(from, 1);
    if (place > from) await this.#draw(to, place - from);
  }

  dispose(): void {
    for (const [index, bitmap] of this.#open) this.#close(index, bitmap);
  }

  async #draw(index: number, opacity: number): Promise<void> {
    const bitmap = this.#open.get(index) ?? (await createImageBitmap(this.#track[index]!));
    this.#open.set(index, bitmap);
    const { width, height } = this.#size;
    this.#context.globalAlpha = opacity;
    this.#context.drawImage(bitmap, this.#left, 0, width, height);
  }

  #close(index: number, bitmap: ImageBitmap): void {
    bitmap.close();
    this.#open.delete(index);
  }
}
