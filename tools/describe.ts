/** What the manifest says of a model beyond its file: its layers, and what a step costs. */
import { makeSettings } from '../shared/settings.ts';
import type { Cost, ModelEntry } from '../shared/models.ts';
import { FeatureNetwork } from '../web/engine/networks/network.ts';
import { SketchNetwork } from '../web/engine/networks/sketch.ts';
import { Upscaler } from '../web/engine/networks/upscaler.ts';
import type { Graph } from '../web/engine/graph/graph.ts';
import { chooseLayers } from '../web/engine/pipeline/layers.ts';
import { leastSide } from '../web/engine/pipeline/thin.ts';
import { lower } from '../web/engine/lowering/index.ts';
import { planMemory } from '../web/engine/runtime/memory.ts';
import { flopsOf } from './bench/flops.ts';
import { stepGraph } from './bench/plan.ts';

/** Sides of the two pictures whose costs are compared: what does not differ does not grow. */
const SMALL = 64;
const LARGE = 128;

export function describe(
  kind: NonNullable<ModelEntry['kind']>,
  file: Uint8Array,
): Pick<ModelEntry, 'layers' | 'least' | 'cost' | 'encoder'> {
  if (kind === 'sketch') return { encoder: SketchNetwork.parse(file).encoder };
  if (kind === 'upscaler') {
    const { stages } = Upscaler.parse(file);
    let side = 1;
    let flops = 0;
    for (const stage of stages) {
      const larger = side;
      flops += costOf((pixels) => stage.graph(pixels * larger, pixels * larger)).flops;
      side *= stage.scale;
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
  const [small, large] = [SMALL, LARGE].map((side) => {
    const graph = graphAt(side);
    return {
      pixels: side * side,
      flops: flopsOf(graph),
      bytes: planMemory(lower(graph, { backend: 'webgpu' })).peakBytes,
    };
  }) as [Measured, Measured];
  const perPixel = (of: 'flops' | 'bytes') =>
    Math.round((large[of] - small[of]) / (large.pixels - small.pixels));
  const bytes = perPixel('bytes');
  return {
    flops: perPixel('flops'),
    bytes,
    fixedBytes: Math.max(0, Math.round(small.bytes - bytes * small.pixels)),
  };
}

interface Measured {
  readonly pixels: number;
  readonly flops: number;
  readonly bytes: number;
}
