/** What the manifest says of a model beyond its file: its layers, and what a step costs. */
import { makeSettings } from '../shared/settings.ts';
import type { Cost, ModelEntry } from '../shared/models.ts';
import { FeatureNetwork } from '../web/engine/networks/network.ts';
import { SketchNetwork } from '../web/engine/networks/sketch.ts';
import { Upscaler } from '../web/engine/networks/upscaler.ts';
import type { Graph } from '../web/engine/graph/graph.ts';
import { chooseLayers } from '../web/engine/pipeline/layers.ts';
import { leastSide } from '../web/engine/pipeline/thin.ts';
import { lower, type Target } from '../web/engine/lowering/index.ts';
import { planMemory } from '../web/engine/runtime/memory.ts';
import { flopsOf } from './bench/flops.ts';
import { stepGraph } from './bench/plan.ts';

/** Sides of the two pictures whose costs are compared: what does not differ does not grow. */
const SMALL = 128;
const LARGE = 512;
/** Of wasm: those of most devices are more, and from two on it is all the same. */
const THREADS = 2;

export function describe(
  kind: NonNullable<ModelEntry['kind']>,
  file: Uint8Array,
): Pick<ModelEntry, 'layers' | 'least' | 'cost' | 'encoder'> {
  if (kind === 'sketch') return { encoder: SketchNetwork.parse(file).encoder };
  if (kind === 'upscaler') {
    const { stages } = Upscaler.parse(file);
    let enlarged = 1;
    let flops = 0;
    for (const stage of stages) {
      const larger = enlarged;
      flops += flopsAPixel(bothOf((side) => stage.graph(side * larger, side * larger)));
      enlarged *= stage.scale;
    }
    // Enlarging goes tile by tile, so its memory does not grow with the picture.
    return { cost: { flops, bytes: 0, fixedBytes: 0 } };
  }
  const network = FeatureNetwork.parse(file);
  const settings = makeSettings('default');
  const { styleLayers: style, contentLayers: content } = network.description;
  // A file of somebody else names no layers of its own; what a step costs is then up to who names them.
  if (style.length === 0) return {};
  const chosen = chooseLayers(network, settings);
  const least = leastSide(network, [...style, ...content]);
  const tapsOf = (layers: typeof style) => layers.map(({ tap }) => tap);
  return {
    layers: { all: [...network.taps], style: tapsOf(style), content: tapsOf(content) },
    ...(least > 0 && { least }),
    cost: costOf((size) => stepGraph(network, chosen, { ...settings, size })),
  };
}

function costOf(graphAt: (side: number) => Graph): Cost {
  const graphs = bothOf(graphAt);
  const memoryOn = (target: Target) => {
    const planOf = (graph: Graph) => planMemory(lower(graph, target));
    const [small, large] = [planOf(graphs[0]), planOf(graphs[1])];
    const bytes = slopeOf([small.peakBytes, large.peakBytes]);
    const fixedBytes = Math.max(0, small.peakBytes - bytes * SMALL ** 2);
    return { bytes, fixedBytes, madeBytes: large.madeBytes };
  };
  const { bytes, fixedBytes } = memoryOn({ backend: 'webgpu' });
  const wasm = memoryOn({ backend: 'wasm', threads: THREADS });
  return { flops: flopsAPixel(graphs), bytes, fixedBytes, wasm };
}

type Two<T> = readonly [small: T, large: T];

const bothOf = (graphAt: (side: number) => Graph): Two<Graph> => [graphAt(SMALL), graphAt(LARGE)];

const slopeOf = ([small, large]: Two<number>): number =>
  Math.round((large - small) / (LARGE ** 2 - SMALL ** 2));

const flopsAPixel = ([small, large]: Two<Graph>): number =>
  slopeOf([flopsOf(small), flopsOf(large)]);
