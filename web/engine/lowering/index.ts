/**
 * From the graph that objective, losses and optimisers write to the one that a backend runs best: passes, each from graph to
 * graph, none of which changes a value beyond rounding. What writes graphs knows no backend.
 */
import type { Graph } from '../graph/graph.ts';
import { tiledConvolutions, type Gains } from './layout.ts';
import { poolGradients } from './pooling.ts';

export interface Target {
  readonly backend: 'wasm' | 'webgpu';
  /** Only what has no operator of its own is rewritten: for comparison, and to look for a fault. */
  readonly plain?: boolean;
}

/** Below this many products a tile has too little work for its transforms. */
const gainsOnWasm: Gains = (channels, out, height, width) =>
  Math.max(channels, out) >= 16 && Math.min(height, width) >= 8;

export function lower(graph: Graph, { backend, plain = false }: Target): Graph {
  if (plain) return poolGradients(graph);
  const tiled = backend === 'wasm' ? tiledConvolutions(graph, gainsOnWasm) : graph;
  return poolGradients(tiled);
}
