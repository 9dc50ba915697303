/**
 * From the graph that objective, losses and optimisers write to the one that a backend runs best: passes, each from graph to
 * graph, none of which changes a value beyond rounding. What writes graphs knows no backend.
 */
import type { Graph } from '../graph/graph.ts';
import { tiledConvolutions, type Gains } from './layout.ts';
import { masksBehindPooling } from './masks.ts';
import { padsApart } from './pads.ts';
import { poolGradients, sharedPoolGradients } from './pooling.ts';
import { addedProducts } from './products.ts';
import { splitSums } from './sums.ts';

export interface Target {
  readonly backend: 'wasm' | 'webgpu';
  /** Of wasm; 1 if left out. */
  readonly threads?: number;
  /** Only what has no operator of its own is rewritten: for comparison, and to look for a fault. */
  readonly plain?: boolean;
}

export interface Pass {
  readonly name: string;
  readonly run: (graph: Graph) => Graph;
}

/**
 * Where Winograd is faster than Conv on wasm, by `npm run bench:winograd`. With few channels the transforms outweigh the
 * products, sooner where threads share the products; but to leave the tiles and come back costs more than that. A
 * picture of a few tiles leaves the products too narrow.
 */
const gainsOnWasm =
  (threads: number): Gains =>
  ({ channels, out, height, width, inTiles }) =>
    Math.max(channels, out) >= (threads > 1 && !inTiles ? 32 : 16) && Math.min(height, width) >= 8;

const masks: Pass = { name: 'masks behind pooling', run: masksBehindPooling };

/** In order. */
export function passesFor({ backend, threads = 1 }: Target): readonly Pass[] {
  if (backend === 'wasm') {
    const gains = gainsOnWasm(threads);
    return [masks, { name: 'Winograd, tiles', run: (graph) => tiledConvolutions(graph, gains) }];
  }
  return [
    { name: 'long sums cut', run: splitSums },
    { name: 'pooling gradient', run: sharedPoolGradients },
    { name: 'products with sums', run: addedProducts },
  ];
}

/** Without the passes, what a runtime must have all the same. */
export const legalised: Pass['run'] = poolGradients;

export function lower(graph: Graph, target: Target): Graph {
  const passes = target.plain ? [] : passesFor(target);
  const own = legalised(passes.reduce((lowered, pass) => pass.run(lowered), graph));
  return target.backend === 'webgpu' ? padsApart(own) : own;
}
