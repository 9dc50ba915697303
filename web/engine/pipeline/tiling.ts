/** An upscaler over a picture, tile by tile: the memory depends on the tile, the result does not. */
import { bytesOn } from '../../../shared/memory.ts';
import { InvalidRequestError, OutOfMemoryError } from '../errors.ts';
import type { Stage, Upscaler } from '../networks/upscaler.ts';
import { checkCancelled, type Program, type Runtime } from '../runtime/runtime.ts';
import { breathe } from './breathe.ts';
import type { Planes } from './pixels.ts';
import { marginOf, type Margin } from './receptive.ts';
import { crop, lengthOf, windowsAlong, type Span, type Window } from './tiles.ts';

/** Bytes of one tile's values that may be alive at once. */
const TILE_BUDGET = 384 * 2 ** 20;

const SIDES = [1024, 768, 512, 384, 320, 256, 224, 192, 160, 128, 112, 96, 80, 64, 48, 40, 32, 24];

interface Size {
  readonly height: number;
  readonly width: number;
}

/** A stage with the tile it runs on. */
interface TiledStage {
  readonly stage: Stage;
  readonly tile: Size;
  readonly margin: Margin;
}

/** A finished part: `data` is [3, …, rowLength]; the patch is width x height from (left, top) in it, and goes to (x, y). */
export interface Patch {
  readonly data: Float32Array;
  readonly rowLength: number;
  readonly rows: number;
  readonly left: number;
  readonly top: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TilingOptions {
  /** Longest side of a tile in pixels of the input; without, what the device has room for. */
  readonly tile?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const sum = (a: Margin, b: Margin): Margin => ({
  before: a.before + b.before,
  after: a.after + b.after,
});
const NONE: Margin = { before: 0, after: 0 };
const whole = (size: number): Span => ({ from: 0, to: size });

/**
 * Runs `upscaler` over `image` [3, H, W], RGB 0..1, and hands each finished part to `sink`.
 *
 * @returns the number of tiles, and the size of those of the last stage
 * @throws InvalidRequestError (a tile too small for the network), OutOfMemoryError, CancelledError
 */
export async function enlarge(
  runtime: Runtime,
  upscaler: Upscaler,
  image: Planes,
  sink: (patch: Patch) => void,
  { tile, signal, onProgress }: TilingOptions = {},
): Promise<{ readonly tiles: number; readonly tile: Size }> {
  const [trunk, tail] = planStages(runtime, upscaler, image, tile);
  const outer = outerWindows(image, trunk, tail);
  const total = outer.reduce(
    (count, area) => count + innerWindows(image, area, trunk, tail).length,
    0,
  );
  const programs: Program[] = [];
  try {
    for (const part of trunk ? [trunk, tail] : [tail]) {
      checkCancelled(signal);
      const { height, width } = part.tile;
      programs.push(await runtime.load(part.stage.graph(height, width), []));
    }
    const last = programs.at(-1)!;
    let done = 0;
    onProgress?.(done, total);
    for (const area of outer) {
      checkCancelled(signal);
      const input = crop(image, [0, 0], area.rows.read, area.columns.read);
      const features = trunk ? await run(programs[0]!, input, trunk.stage.outChannels) : input;
      const origin = [area.rows.read.from, area.columns.read.from] as const;
      for (const { rows, columns } of innerWindows(image, area, trunk, tail)) {
        checkCancelled(signal);
        const y = await run(
          last,
          crop(features, origin, rows.read, columns.read),
          3,
          tail.stage.scale,
        );
        sink(patchOf(y, rows, columns, tail.stage.scale));
        onProgress?.(++done, total);
        await breathe();
      }
    }
    return { tiles: total, tile: tail.tile };
  } finally {
    for (const program of programs) program.dispose();
  }
}

interface Area {
  readonly rows: Window;
  readonly columns: Window;
}

const across = (rows: readonly Window[], columns: readonly Window[]): Area[] =>
  rows.flatMap((row) => columns.map((column) => ({ rows: row, columns: column })));

/** Windows of the trunk, whose cores the tail then works through; without a trunk, the whole picture. */
function outerWindows(
  { height, width }: Planes,
  trunk: TiledStage | null,
  tail: TiledStage,
): Area[] {
  const along = (size: number, tile: number) =>
    windowsAlong(size, whole(size), whole(size), tile, sum(trunk?.margin ?? NONE, tail.margin));
  return across(
    along(height, trunk?.tile.height ?? height),
    along(width, trunk?.tile.width ?? width),
  );
}

/** Windows of the tail inside what the trunk got right. */
function innerWindows(
  { height, width }: Planes,
  area: Area,
  trunk: TiledStage | null,
  tail: TiledStage,
): Area[] {
  const { before, after } = trunk?.margin ?? NONE;
  const along = (size: number, { read, core }: Window, tile: number) => {
    const from = read.from === 0 ? 0 : read.from + before;
    const to = read.to === size ? size : read.to - after;
    return windowsAlong(size, core, { from, to }, tile, tail.margin);
  };
  return across(
    along(height, area.rows, tail.tile.height),
    along(width, area.columns, tail.tile.width),
  );
}

// --- The size of tiles ---

function planStages(
  runtime: Runtime,
  { stages }: Upscaler,
  image: Size,
  tile: number | undefined,
): [TiledStage | null, TiledStage] {
  const margins = stages.map((stage) => marginOf(stage.graph(32, 32)));
  const [first, second] = stages;
  const plan = (i: number, most: Size, margin: Margin): TiledStage => {
    const least = margin.before + margin.after + 1;
    const size = tileSize(runtime, stages[i]!, most, least, tile);
    return { stage: stages[i]!, margin: margins[i]!, tile: size };
  };
  if (!second) return [null, plan(0, image, margins[0]!)];
  const both = sum(margins[0]!, margins[1]!);
  const trunk = even(plan(0, image, both), image, both);
  // What a window of the trunk leaves of itself, where it does not end with the picture.
  const clean = (size: number, all: number) =>
    size === all ? size : size - margins[0]!.before - margins[0]!.after;
  const most = {
    height: clean(trunk.tile.height, image.height),
    width: clean(trunk.tile.width, image.width),
  };
  return [{ ...trunk, stage: first! }, plan(1, most, margins[1]!)];
}

/** Tiles of equal use: as many as needed, none larger than needed. */
function even(stage: TiledStage, image: Size, { before, after }: Margin): TiledStage {
  const along = (size: number, tile: number) => {
    if (tile >= size) return size;
    const both = before + after;
    return Math.ceil((size - both) / Math.ceil((size - both) / (tile - both))) + both;
  };
  const { height, width } = stage.tile;
  return {
    ...stage,
    tile: { height: along(image.height, height), width: along(image.width, width) },
  };
}

function tileSize(
  runtime: Runtime,
  stage: Stage,
  most: Size,
  least: number,
  wanted: number | undefined,
): Size {
  const limited = (side: number): Size => ({
    height: Math.min(most.height, side),
    width: Math.min(most.width, side),
  });
  const enough = ({ height, width }: Size) =>
    (height === most.height || height >= least) && (width === most.width || width >= least);
  const budget = bytesOn(runtime.backend, TILE_BUDGET);
  const fits = ({ height, width }: Size) => {
    const { peakBytes, largestBytes } = runtime.plan(stage.graph(height, width));
    return largestBytes <= runtime.maxTensorBytes && peakBytes <= budget;
  };
  if (wanted !== undefined) {
    const size = limited(wanted);
    if (enough(size)) return size;
    throw new InvalidRequestError(
      `a tile of ${wanted} pixels is less than this network sees at once`,
      `Choose at least ${least}.`,
    );
  }
  const sizes = [most, ...SIDES.map(limited)].filter(enough);
  const size = sizes.find(fits);
  if (size) return size;
  throw new OutOfMemoryError(
    'this network needs more memory for one tile than the device has',
    'Choose a lite network.',
  );
}

// --- Pieces of planes ---

async function run(program: Program, input: Planes, channels: number, scale = 1): Promise<Planes> {
  const { y } = await (await program.run({ x: input.data })).read();
  return { height: input.height * scale, width: input.width * scale, channels, data: y! };
}

function patchOf(y: Planes, rows: Window, columns: Window, scale: number): Patch {
  return {
    data: y.data,
    rowLength: y.width,
    rows: y.height,
    left: (columns.core.from - columns.read.from) * scale,
    top: (rows.core.from - rows.read.from) * scale,
    x: columns.core.from * scale,
    y: rows.core.from * scale,
    width: lengthOf(columns.core) * scale,
    height: lengthOf(rows.core) * scale,
  };
}
