import { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { outerSum } from '../losses/gram.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import { SKETCH_GRID, type LevelMap, type SketchNetwork } from '../networks/sketch.ts';
import type { Arrays, Program, Runtime } from '../runtime/runtime.ts';
import {
  carried,
  gaussianOf,
  measureGaussian,
  mixGaussians,
  optimalMap,
  type Gaussian,
} from './gaussian.ts';
import { rgbOf, type Planes } from './pixels.ts';
import { together, type Region } from './regions/regions.ts';
import { resample } from './resample.ts';

/** What sketches: decoder, and the feature network that it was trained with. */
export interface SketchModels {
  readonly network: SketchNetwork;
  readonly encoder: FeatureNetwork;
}

/** How a picture looks, as far as a style goes: Gaussians of its components, level by level, and of its colours. */
export interface Manner {
  readonly levels: readonly Gaussian[];
  readonly colours: Gaussian;
}

/** A picture read for sketching: its manner, and what it shows. */
export interface Study {
  readonly width: number;
  readonly height: number;
  readonly manner: Manner;
  /** Components by tap, at the padded size. */
  readonly components: Arrays;
}

/** Added to colours' variances (RGB 0..1) before they are compared. */
const COLOUR_RIDGE = 1e-5;
/** Sessions of as many sizes stay ready: a photo, and styles of two shapes. */
const READY = 3;

/** A level's components as the reader puts them out: the tap's own name is the encoder's. */
const read = (tap: string): string => `${tap}.read`;

const padded = (side: number): number => Math.ceil(side / SKETCH_GRID) * SKETCH_GRID;

/** Reads pictures and paints sketches of them. Its sessions stay until it is disposed of. */
export class Sketcher {
  readonly #runtime: Runtime;
  readonly #models: SketchModels;
  readonly #readers = new Ready();
  readonly #painters = new Ready();

  constructor(runtime: Runtime, models: SketchModels) {
    this.#runtime = runtime;
    this.#models = models;
  }

  /** Reads RGB planes 0..1 of any size. Throws OutOfMemoryError, DeviceLostError, ComputeError. */
  async study(picture: Planes): Promise<Study> {
    const { width, height } = picture;
    const { levels } = this.#models.network;
    const image = extended(picture);
    const program = await this.#readers.take(`${image.width}x${image.height}`, () =>
      this.#runtime.load(this.#readerGraph(image.width, image.height), [], [], 'few'),
    );
    const values = await (await program.run({ image: image.data })).read();
    const manner = {
      levels: levels.map(({ tap }) => gaussianOf(values[`${tap}.mean`]!, values[`${tap}.second`]!)),
      colours: measureGaussian(rgbOf(picture), 3),
    };
    const components = Object.fromEntries(levels.map(({ tap }) => [tap, values[read(tap)]!]));
    return { width, height, manner, components };
  }

  /**
   * Paints what `study` shows in the wanted manner.
   *
   * @param strength 0: as it was, 1: all the manner; between them its statistics go the shortest way
   * @returns RGB planes 0..1 of the study's size
   */
  async paint(
    { width, height, manner, components }: Study,
    wanted: Manner,
    strength = 1,
  ): Promise<Planes> {
    const { network } = this.#models;
    const [wide, high] = [padded(width), padded(height)];
    const program = await this.#painter(wide, high);
    const feeds: Arrays = {};
    network.levels.forEach(({ tap }, i) => {
      const { matrix, shift } = optimalMap(
        manner.levels[i]!,
        wanted.levels[i]!,
        network.ridge,
        strength,
      );
      feeds[tap] = components[tap]!;
      feeds[`${tap}.map`] = Float32Array.from(matrix);
      feeds[`${tap}.shift`] = Float32Array.from(shift);
    });
    const { rgb } = await (await program.run(feeds)).read();
    const data = cropped(rgb!, wide, high, width, height);
    const way = optimalMap(manner.colours, wanted.colours, COLOUR_RIDGE, strength);
    recolour(data, carried(manner.colours, way));
    return { width, height, channels: 3, data };
  }

  /** Makes what `paint` takes of the device ready. Throws as it does. */
  async prepare({ width, height }: Study): Promise<void> {
    await this.#painter(padded(width), padded(height));
  }

  dispose(): void {
    this.#readers.dispose();
    this.#painters.dispose();
  }

  #painter(width: number, height: number): Promise<Program> {
    return this.#painters.take(`${width}x${height}`, () =>
      this.#runtime.load(this.#painterGraph(width, height), [], [], 'few'),
    );
  }

  #readerGraph(width: number, height: number) {
    const { network, encoder } = this.#models;
    const b = new GraphBuilder();
    const image = b.input('image', [1, 3, height, width]);
    const taps = encoder.tap(
      b,
      image,
      network.levels.map(({ tap }) => tap),
    );
    for (const [tap, z] of network.components(b, taps)) {
      const [, channels, high, wide] = z.dims as [number, number, number, number];
      const sum = b.reduceSum(b.reduceSum(z, [3]), [2]);
      b.output(z, read(tap));
      b.output(b.reshape(b.mul(sum, 1 / (high * wide)), [channels]), `${tap}.mean`);
      b.output(b.mul(outerSum(b, z), 1 / (high * wide)), `${tap}.second`);
    }
    return b.build();
  }

  #painterGraph(width: number, height: number) {
    const { network } = this.#models;
    const b = new GraphBuilder();
    const components = new Map<string, Value>();
    const maps = new Map<string, LevelMap>();
    for (const { tap, channels, stride } of network.levels) {
      components.set(tap, b.input(tap, [1, channels, height / stride, width / stride]));
      maps.set(tap, {
        map: b.input(`${tap}.map`, [channels, channels, 1, 1]),
        shift: b.input(`${tap}.shift`, [channels]),
      });
    }
    b.output(network.picture(b, components, maps), 'rgb');
    return b.build();
  }
}

/** Programs by size, the latest few. */
class Ready {
  readonly #programs = new Map<string, Program>();

  async take(size: string, load: () => Promise<Program>): Promise<Program> {
    const program = this.#programs.get(size) ?? (await load());
    this.#programs.delete(size);
    this.#programs.set(size, program);
    for (const [other, old] of this.#programs) {
      if (this.#programs.size <= READY) break;
      this.#programs.delete(other);
      old.dispose();
    }
    return program;
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }
}

/** What is painted of a study. */
export interface Brush {
  /** Of the styles. */
  readonly parts: readonly { readonly manner: Manner; readonly weight: number }[];
  /** 0..1; left out: 1. */
  readonly strength?: number;
  /** At the size of what is seen; undefined: all styles everywhere. */
  readonly regions?: readonly Region[] | undefined;
}

/**
 * Paints a study in the mixture of all manners, or in each region in its style's own.
 *
 * @param seen what was read, at any size: the painting's
 */
export async function paintRegions(
  sketcher: Sketcher,
  study: Study,
  seen: Planes,
  { parts, strength = 1, regions }: Brush,
): Promise<Planes> {
  const painted = async (manner: Manner) =>
    resample(await sketcher.paint(study, manner, strength), seen.width, seen.height);
  if (!regions) return painted(mixManners(parts));
  if (regions.length === 0) return seen;
  const pictures = [];
  for (const { style } of regions) pictures.push((await painted(parts[style]!.manner)).data);
  return { ...seen, channels: 3, data: together(regions, pictures, seen.data) };
}

/** Several manners as one; any positive weights, their ratio counts. */
export function mixManners(
  parts: readonly { readonly manner: Manner; readonly weight: number }[],
): Manner {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const mix = (of: (manner: Manner) => Gaussian) =>
    mixGaussians(
      parts.map(({ manner, weight }) => ({ gaussian: of(manner), weight: weight / total })),
    );
  return {
    levels: parts[0]!.manner.levels.map((_, i) => mix(({ levels }) => levels[i]!)),
    colours: mix(({ colours }) => colours),
  };
}

/** RGB with the last column and row repeated up to the grid. */
function extended({ width, height, data }: Planes): Planes {
  const [wide, high] = [padded(width), padded(height)];
  if (wide === width && high === height)
    return { width, height, channels: 3, data: data.slice(0, 3 * width * height) };
  const out = new Float32Array(3 * wide * high);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < high; y++)
      for (let x = 0; x < wide; x++)
        out[(c * high + y) * wide + x] =
          data[(c * height + Math.min(y, height - 1)) * width + Math.min(x, width - 1)]!;
  return { width: wide, height: high, channels: 3, data: out };
}

function cropped(
  data: Float32Array,
  wide: number,
  high: number,
  width: number,
  height: number,
): Float32Array {
  const out = new Float32Array(3 * width * height);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < height; y++) {
      const from = (c * high + y) * wide;
      out.set(data.subarray(from, from + width), (c * height + y) * width);
    }
  return out;
}

/** Gives RGB planes the wanted mean and covariance, in place, and clamps them to 0..1. */
function recolour(data: Float32Array, wanted: Gaussian): void {
  const area = data.length / 3;
  const { matrix, shift } = optimalMap(measureGaussian(data, 3), wanted, COLOUR_RIDGE);
  for (let i = 0; i < area; i++) {
    const [r, g, b] = [data[i]!, data[area + i]!, data[2 * area + i]!];
    for (let c = 0; c < 3; c++) {
      const value =
        matrix[3 * c]! * r + matrix[3 * c + 1]! * g + matrix[3 * c + 2]! * b + shift[c]!;
      data[c * area + i] = Math.min(1, Math.max(0, value));
    }
  }
}
