/**
 * Loss and exact gradient of an image by tiles (Galerne, Raad, Lezama, Morel 2024, "Scaling Painting Style Transfer", EGSR,
 * section 3): a style loss needs of an image only sums over its positions, and these add up over tiles. Pass 1 sums;
 * the loss of the sums and its cotangents are of one small graph; pass 2 pulls the cotangents back, tile by tile.
 */
import { OutOfMemoryError } from '../../errors.ts';
import { contentLossOf } from '../../losses/index.ts';
import type { Losses } from '../../optimizers/optimizer.ts';
import type { WholeObjective } from '../../optimizers/whole.ts';
import type { Arrays, Program, Runtime } from '../../runtime/runtime.ts';
import { toFloat32 } from '../../graph/tensor.ts';
import type { Planes } from '../pixels.ts';
import { throughHold, withHeld } from '../regions/scope.ts';
import type { Targets } from '../targets.ts';
import { crop } from '../tiles.ts';
import { tilesOf, type Grid } from './grid.ts';
import { allMargin, guidesOf, positionsOf, sumDims, sumsOver } from './measure.ts';
import { Pass, type Course, type Tile } from './pass.ts';
import {
  contextOf,
  gradientGraph,
  seenOf,
  styleGraph,
  sumOf,
  sumsGraph,
  type Eye,
  type Size,
} from './passes.ts';
import { gridOf, survey, type Survey } from './survey.ts';

/** What a tile's program is loaded for. */
interface Loaded {
  readonly sums: Pass | null;
  readonly style: Program | null;
  readonly gradient: Pass;
}

export interface TiledCourse {
  readonly signal?: AbortSignal | undefined;
  readonly onTile?: ((done: number, total: number) => void) | undefined;
}

export class TiledObjective implements WholeObjective {
  readonly #runtime: Runtime;
  readonly #eye: Eye;
  readonly #targets: Targets;
  readonly #whole: Size;
  readonly #survey: Survey;
  readonly #course: TiledCourse;
  #grid: Grid;
  #loaded: Loaded | null = null;

  /**
   * @param side longest side of a tile; where even that does not fit, it is halved
   * @throws OutOfMemoryError if a tile of this side is all margin
   */
  constructor(
    runtime: Runtime,
    eye: Eye,
    targets: Targets,
    whole: Size,
    side: number,
    course: TiledCourse = {},
  ) {
    this.#runtime = runtime;
    this.#eye = eye;
    this.#targets = targets;
    this.#whole = whole;
    this.#survey = survey(eye, whole);
    this.#course = course;
    const grid = gridOf(this.#survey, whole, side);
    if (!grid) throw allMargin();
    this.#grid = grid;
  }

  get tiles(): number {
    return tilesOf(this.#grid);
  }

  /** Writes the gradient at `x`, [3·H·W] in units of the pixel range. Throws CancelledError between two tiles. */
  async evaluate(x: Float32Array, gradient: Float32Array): Promise<Losses> {
    for (;;) {
      try {
        this.#loaded ??= await this.#load();
        return await this.#evaluate(this.#loaded, x, gradient);
      } catch (error) {
        if (!(error instanceof OutOfMemoryError)) throw error;
        this.#halve(error);
      }
    }
  }

  /** Nothing is lost: the image is the host's. */
  #halve(reason: OutOfMemoryError): void {
    this.dispose();
    const { rows, columns } = this.#grid;
    const side = Math.floor(Math.max(rows.length, columns.length) / 2);
    const grid = gridOf(this.#survey, this.#whole, side);
    if (!grid) throw reason;
    this.#grid = grid;
  }

  async #load(): Promise<Loaded> {
    const [eye, taken, grid] = [this.#eye, this.#survey, this.#grid];
    const tile = { height: grid.rows.length, width: grid.columns.length };
    const styled = eye.layers.style.length > 0 && eye.settings.styleWeight > 0;
    const factors = new Map(
      [...this.#targets.content].map(([tap, target]) => [
        tap,
        contentLossOf(eye.settings).factor(target, contextOf(eye, tap)),
      ]),
    );
    const open: { dispose(): void }[] = [];
    const keep = <T extends { dispose(): void }>(made: T): T => (open.push(made), made);
    try {
      const pass = gradientGraph(eye, tile, this.#whole, factors);
      const gradient = keep(await Pass.load(this.#runtime, pass, taken, grid));
      if (!styled) return { sums: null, style: null, gradient };
      const first = sumsGraph(eye, tile, true);
      const sums = keep(await Pass.load(this.#runtime, first, taken, grid));
      const middle = styleGraph(
        eye,
        this.#targets.style,
        new Map(eye.layers.style.map(({ tap }) => [tap, positionsOf(sums, tap)])),
        new Map(eye.layers.style.map(({ tap }) => [tap, sumDims(sums, tap)])),
      );
      const style = keep(await this.#runtime.load(middle, []));
      return { sums, style, gradient };
    } catch (error) {
      for (const each of open) each.dispose();
      throw error;
    }
  }

  async #evaluate(
    { sums, style, gradient: pass }: Loaded,
    x: Float32Array,
    gradient: Float32Array,
  ): Promise<Losses> {
    const { signal, onTile } = this.#course;
    const total = this.tiles * (sums ? 2 : 1);
    let done = 0;
    const course: Course = { signal, onTile: () => onTile?.(++done, total) };
    const hold = this.#eye.scope?.hold;
    const image: Planes = { ...this.#whole, channels: 3, data: hold ? withHeld(x, hold) : x };
    const losses = { content: 0, style: 0, tv: 0 };
    let cotangents: Arrays = {};
    if (sums && style) {
      const found = await sumsOver(this.#eye, sums, image, course);
      const feeds: Arrays = {};
      for (const [tap, each] of found)
        each.sums.forEach((sum, i) => (feeds[sumOf(tap, i)] = toFloat32(sum)));
      const { style: loss, ...rest } = await (await style.run(feeds)).read();
      losses.style = loss![0]!;
      cotangents = rest;
    }
    gradient.fill(0);
    const target = { ...image, data: gradient };
    await pass.over(
      image,
      (tile) => ({
        ...cotangents,
        ...guidesOf(this.#eye, pass, tile),
        ...this.#seenBy(pass, tile),
      }),
      (arrays, tile) => {
        losses.content += arrays['content']![0]!;
        losses.tv += arrays['tv']![0]!;
        addTile(target, arrays['gradient']!, tile, this.#grid);
      },
      course,
    );
    if (hold) throughHold(gradient, hold);
    return { total: losses.content + losses.style + losses.tv, ...losses };
  }

  /** The content targets under a tile. */
  #seenBy(pass: Pass, tile: Tile): Arrays {
    const arrays: Arrays = {};
    for (const [tap, target] of this.#targets.content) {
      const [, , h, w] = pass.dimsOf(seenOf(tap)) ?? [];
      // Content that weighs nothing is not compared.
      if (h === undefined || w === undefined) continue;
      const [, channels, height, width] = target.dims as [number, number, number, number];
      const whole = { channels, height, width, data: toFloat32(target) };
      arrays[seenOf(tap)] = crop(whole, [0, 0], ...pass.windowOf(tap, tile, [h, w])).data;
    }
    return arrays;
  }

  dispose(): void {
    if (!this.#loaded) return;
    const { sums, style, gradient } = this.#loaded;
    for (const each of [sums, style, gradient]) each?.dispose();
    this.#loaded = null;
  }
}

function addTile(
  whole: Planes,
  values: Float32Array,
  { row, column }: Tile,
  { rows, columns }: Grid,
): void {
  for (let c = 0; c < whole.channels; c++) {
    for (let y = 0; y < rows.length; y++) {
      const from = (c * rows.length + y) * columns.length;
      const to = (c * whole.height + row.from + y) * whole.width + column.from;
      for (let x = 0; x < columns.length; x++) whole.data[to + x]! += values[from + x]!;
    }
  }
}
