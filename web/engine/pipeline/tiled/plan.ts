/** Before a scale is painted: in one piece or by tiles, and what it takes. */
import { HELD_BY_ADAM, heldByLbfgs, MEMORY_BUDGETS } from '../../../../shared/memory.ts';
import { OutOfMemoryError } from '../../errors.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph } from '../../graph/graph.ts';
import { outline } from '../../graph/tensor.ts';
import { contentLossOf, styleLossOf } from '../../losses/index.ts';
import { adamGraph } from '../../optimizers/adam.ts';
import { lbfgsGraph } from '../../optimizers/lbfgsGraph.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { makeObjective } from '../objective.ts';
import { averagingOf, optimizerOptions } from '../options.ts';
import { guidedBy } from '../regions/guidance.ts';
import type { Targets } from '../targets.ts';
import { tilesOf, type Grid } from './grid.ts';
import { allMargin } from './measure.ts';
import { contextOf, gradientGraph, sumsGraph, type Eye, type Size } from './passes.ts';
import { gridOf, survey } from './survey.ts';

export interface Plan {
  /** Longest side of a tile; null: the picture in one piece. */
  readonly side: number | null;
  readonly tiles: number;
  /** Most bytes on the device at once, or in the wasm heap. */
  readonly peakBytes: number;
  /** Bytes of the optimiser's state and the targets in the host's own memory, beside the pictures. */
  readonly hostBytes: number;
  /** Time of a step in steps of the picture in one piece. */
  readonly work: number;
}

/** What the optimiser keeps in the host's memory may take as much. */
const HOST_BUDGET = 4 * 2 ** 30;

const SIDES = [2048, 1792, 1536, 1280, 1024, 896, 768, 640, 512, 448, 384, 320, 256, 224, 192, 160];
const SMALL_SIDES = [128, 96, 80, 64, 48, 40, 32];

/** A pass forward, and one of a forward and a backward as long as two, in place of the latter alone. */
const PASSES = 4 / 3;

type Device = Pick<Runtime, 'backend' | 'maxTensorBytes' | 'plan'>;

/**
 * @param budget most bytes on the device; left out: what the backend can be trusted with
 * @param inPieces do not try it in one piece
 * @throws OutOfMemoryError, with advice, if there is no way
 */
export function planStep(
  device: Device,
  eye: Eye,
  whole: Size,
  budget?: number,
  inPieces = false,
): Plan {
  const usual = MEMORY_BUDGETS[device.backend];
  if (!inPieces) {
    const { peakBytes, largestBytes } = device.plan(stepGraph(eye, whole));
    if (peakBytes <= (budget ?? usual.whole) && largestBytes <= device.maxTensorBytes)
      return { side: null, tiles: 1, peakBytes, hostBytes: 0, work: 1 };
  }
  return planTiles(device, eye, whole, budget ?? usual.tile);
}

function planTiles(device: Device, eye: Eye, whole: Size, budget: number): Plan {
  checkTiled(eye);
  const hostBytes = hostBytesOf(eye, whole);
  const taken = survey(eye, whole);
  let last: Grid | null = null;
  for (const side of [...SIDES, ...SMALL_SIDES]) {
    const grid = gridOf(taken, whole, side);
    if (!grid) break;
    const tile = { height: grid.rows.length, width: grid.columns.length };
    // Nothing is gained by what is as large as the tile before.
    if (last && tile.height === last.rows.length && tile.width === last.columns.length) continue;
    last = grid;
    const passes = [sumsGraph(eye, tile, true), gradientGraph(eye, tile, whole, new Map())];
    const plan = device.plan(...passes);
    if (plan.peakBytes > budget || plan.largestBytes > device.maxTensorBytes) continue;
    const tiles = tilesOf(grid);
    const work = (PASSES * tiles * tile.height * tile.width) / (whole.height * whole.width);
    return { side, tiles, peakBytes: plan.peakBytes, hostBytes, work };
  }
  throw allMargin();
}

/** Throws where a loss cannot be added up from tiles. */
function checkTiled({ settings }: Eye): void {
  if (styleLossOf(settings).tiled && contentLossOf(settings).tiled) return;
  throw new OutOfMemoryError(
    'a picture of this size does not fit the device, and this loss looks at whole layers, which tiles do not have',
    'Choose a smaller size, or another loss.',
  );
}

/** Pictures of float32 that an optimiser keeps: see HostAdam and HostLbfgs. */
function hostBytesOf(eye: Eye, { height, width }: Size): number {
  const { optimizer, history } = eye.settings;
  const averaged = Number(averagingOf(eye.settings) > 0);
  const pictures = optimizer === 'adam' ? HELD_BY_ADAM + averaged : heldByLbfgs(history);
  const bytes = pictures * 3 * 4 * height * width;
  if (bytes <= HOST_BUDGET || optimizer === 'adam') return bytes;
  throw new OutOfMemoryError(
    `L-BFGS with a memory of ${history} steps keeps ${pictures} pictures of this size`,
    'Choose Adam, a shorter memory or a smaller size.',
  );
}

/** A step in one piece. Targets have dims only: nothing is computed. */
export function stepGraph(eye: Eye, whole: Size): Graph {
  const { network, layers, settings, half, scope } = eye;
  const objective = makeObjective(network, layers, outlines(eye, whole), settings, half, scope);
  const dims = [1, 3, whole.height, whole.width];
  const options = optimizerOptions(settings);
  return settings.optimizer === 'adam'
    ? adamGraph(objective, dims, options)
    : lbfgsGraph(objective, dims, options);
}

function outlines(eye: Eye, { height, width }: Size): Targets {
  const { network, layers, settings, units } = eye;
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, height, width]);
  const names = [...layers.style, ...layers.content].map(({ tap }) => tap);
  const taps = network.tap(b, x, [...new Set(names)], settings);
  const ofContent = contentLossOf(settings);
  const style = layers.style.map(({ tap }) => {
    const ofStyle = guidedBy(styleLossOf(settings), eye.scope?.guidance, tap);
    const context = contextOf(eye, tap);
    const sums = ofStyle.sums(b, taps.get(tap)!, context);
    const statistics = ofStyle
      .statistics(b, sums, 1, context)
      .map(({ dims }) => b.initializer(outline(dims)));
    const target = ofStyle.target(b, statistics, context);
    return [tap, target.map(({ dims }) => outline(dims))] as const;
  });
  const content = layers.content.map(({ tap }) => {
    const seen = ofContent.seen(b, taps.get(tap)!, contextOf(eye, tap));
    return [tap, outline(seen.dims)] as const;
  });
  return { style: new Map(style), content: new Map(content), units };
}
