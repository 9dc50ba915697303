/** Targets of pictures that are looked at by tiles. */
import { OutOfMemoryError } from '../../errors.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { float32, toFloat32, type TensorData } from '../../graph/tensor.ts';
import { styleLossOf } from '../../losses/index.ts';
import type { Arrays, Runtime } from '../../runtime/runtime.ts';
import { rgbOf, type Planes } from '../pixels.ts';
import { mixOf, targetsOf, type Mix, type StyleImage, type Targets } from '../targets.ts';
import { crop, lengthOf } from '../tiles.ts';
import { Pass, type Course, type OwnPart, type Tile } from './pass.ts';
import {
  contextOf,
  columnsOf,
  guideOf,
  rowsOf,
  seenGraph,
  seenOf,
  sumOf,
  sumsGraph,
  type Eye,
} from './passes.ts';
import { gridOf, survey } from './survey.ts';

const rgb = (planes: Planes): Planes => ({ ...planes, channels: 3, data: rgbOf(planes) });

/** Sums of a layer over a picture, and the number of positions they are of. */
export interface LayerSums {
  readonly sums: readonly TensorData[];
  readonly count: number;
}

/** A picture's sums in each style layer: those of its tiles, added up in double precision. */
export async function sumsOver(
  eye: Eye,
  pass: Pass,
  image: Planes,
  course: Course,
): Promise<Map<string, LayerSums>> {
  const totals = new Map<string, Float64Array>();
  await pass.over(
    image,
    (tile) => guidesOf(eye, pass, tile),
    (arrays) => {
      for (const [name, values] of Object.entries(arrays)) {
        const total = totals.get(name) ?? new Float64Array(values.length);
        values.forEach((value, i) => (total[i]! += value));
        totals.set(name, total);
      }
    },
    course,
  );
  return new Map(
    eye.layers.style.map(({ tap }) => {
      const sums = sumDims(pass, tap).map((dims, i) =>
        float32(dims, Float32Array.from(totals.get(sumOf(tap, i))!)),
      );
      return [tap, { sums, count: positionsOf(pass, tap) }];
    }),
  );
}

/** What a tile of the pastiche sees of the regions; nothing where the pass has no use for them. */
export function guidesOf({ scope }: Eye, pass: Pass, tile: Tile): Arrays {
  const arrays: Arrays = {};
  for (const [tap, guides] of scope?.guidance ?? []) {
    guides.forEach(({ weights }, i) => {
      const [, , h, w] = pass.dimsOf(guideOf(tap, i)) ?? [];
      if (h === undefined || w === undefined) return;
      const [, , height, width] = weights.dims as [number, number, number, number];
      const whole = { channels: 1, height, width, data: toFloat32(weights) };
      arrays[guideOf(tap, i)] = crop(whole, [0, 0], ...pass.windowOf(tap, tile, [h, w])).data;
    });
  }
  return arrays;
}

/** Dims of a style layer's sums, as a pass gives or takes them. */
export function sumDims(pass: Pass, tap: string): (readonly number[])[] {
  const all: (readonly number[])[] = [];
  for (let dims; (dims = pass.dimsOf(sumOf(tap, all.length)));) all.push(dims);
  return all;
}

/** Positions of a layer over the whole picture. */
export function positionsOf(pass: Pass, tap: string): number {
  const [rows, columns] = [pass.dimsOf(rowsOf(tap))!, pass.dimsOf(columnsOf(tap))!];
  const [height, width] = pass.wholeOf(tap, [rows[2]!, columns[3]!]);
  return height * width;
}

/** `side`: longest side of a tile; `mixes`: of the regions. Throws OutOfMemoryError if that is all margin. */
export async function measureByTiles(
  runtime: Runtime,
  eye: Eye,
  content: Planes,
  styles: readonly StyleImage[],
  side: number,
  course: Course = {},
  mixes: readonly Mix[] = [mixOf(styles)],
): Promise<Targets> {
  const { layers, settings } = eye;
  const loss = styleLossOf(settings);
  const measured: Map<string, readonly TensorData[]>[] = [];
  for (const { planes } of layers.style.length > 0 ? styles : []) {
    const sums = await withPass(runtime, eye, planes, side, 'sums', (pass) =>
      sumsOver(eye, pass, rgb(planes), course),
    );
    const b = new GraphBuilder();
    const outputs = [...sums].map(([tap, { sums, count }]) => {
      const values = sums.map((sum) => b.initializer(sum));
      const statistics = loss.statistics(b, values, count, contextOf(eye, tap));
      return [tap, statistics.map((value, i) => b.output(value, `${i} of ${tap}`))] as const;
    });
    const arrays = await runtime.evaluate(b.build(), {});
    measured.push(
      new Map(
        outputs.map(([tap, of]) => [tap, of.map(({ name, dims }) => float32(dims, arrays[name]!))]),
      ),
    );
  }
  const style = await targetsOf(runtime, layers.style, measured, mixes, (b, blended, tap) =>
    loss.target(b, blended, contextOf(eye, tap)),
  );
  const seen = await seenOver(runtime, eye, content, side, course);
  return { style, content: seen, units: eye.units };
}

/** What the content loss sees of the whole picture. It stays in the host's memory; tiles get their part of it. */
async function seenOver(
  runtime: Runtime,
  eye: Eye,
  content: Planes,
  side: number,
  course: Course,
): Promise<Map<string, TensorData>> {
  if (eye.layers.content.length === 0) return new Map();
  const whole = new Map<string, Planes>();
  await withPass(runtime, eye, content, side, 'seen', (pass) => {
    const layers = eye.layers.content.map(({ tap }) => {
      const [, channels, h, w] = pass.dimsOf(seenOf(tap)) as [number, number, number, number];
      const [height, width] = pass.wholeOf(tap, [h, w]);
      whole.set(tap, {
        channels,
        height,
        width,
        data: new Float32Array(channels * height * width),
      });
      return { tap, size: [h, w] as const };
    });
    return pass.over(
      rgb(content),
      () => ({}),
      (arrays, tile) => {
        for (const { tap, size } of layers)
          paste(whole.get(tap)!, arrays[seenOf(tap)]!, size, pass.ownOf(tap, tile, size));
      },
      course,
    );
  });
  return new Map(
    [...whole].map(([tap, { channels, height, width, data }]) => [
      tap,
      float32([1, channels, height, width], data),
    ]),
  );
}

async function withPass<T>(
  runtime: Runtime,
  eye: Eye,
  picture: Planes,
  side: number,
  kind: 'sums' | 'seen',
  use: (pass: Pass) => Promise<T>,
): Promise<T> {
  const taken = survey(eye, picture);
  const grid = gridOf(taken, picture, side);
  if (!grid) throw allMargin();
  const tile = { height: grid.rows.length, width: grid.columns.length };
  const graph = kind === 'sums' ? sumsGraph(eye, tile, false) : seenGraph(eye, tile);
  const pass = await Pass.load(runtime, graph, taken, grid);
  try {
    return await use(pass);
  } finally {
    pass.dispose();
  }
}

export function allMargin(): OutOfMemoryError {
  return new OutOfMemoryError(
    'the device has not enough memory for one tile of this picture',
    'Choose a smaller size or a lite network, or close other tabs that use the GPU.',
  );
}

/** The own part of a tile's layer into the whole layer. */
function paste(
  whole: Planes,
  values: Float32Array,
  [height, width]: readonly [number, number],
  { rows, columns, top, left }: OwnPart,
): void {
  const length = lengthOf(columns);
  for (let c = 0; c < whole.channels; c++) {
    for (let y = 0; y < lengthOf(rows); y++) {
      const from = (c * height + top + y) * width + left;
      const to = (c * whole.height + rows.from + y) * whole.width + columns.from;
      whole.data.set(values.subarray(from, from + length), to);
    }
  }
}
