import { OutOfMemoryError } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { DTYPES, sizeOf } from '../graph/tensor.ts';

export interface MemoryPlan {
  /** Bytes alive at the worst moment: weights, inputs and every value between its making and its last use. */
  readonly peakBytes: number;
  /** Bytes of the largest single tensor, which must fit one GPU binding. */
  readonly largestBytes: number;
}

export function bytesOfValue(value: Value): number {
  return sizeOf(value.dims) * DTYPES[value.dtype].bytes;
}

/** What a graph needs when run in its own order. A runtime that pools buffers needs somewhat more. */
export function planMemory(graph: Graph): MemoryPlan {
  const lastUse = new Map<Value, number>();
  graph.nodes.forEach((node, i) => {
    for (const value of [...node.inputs, ...node.outputs]) if (value) lastUse.set(value, i);
  });
  const kept = new Set<Value>([...graph.outputs, ...graph.inputs, ...graph.initializers]);
  // What is made of constants alone is made once, when the graph is loaded, and stays.
  const constant = new Set<Value>(graph.initializers);
  for (const node of graph.nodes) {
    if (!node.inputs.every((input) => !input || constant.has(input))) continue;
    for (const value of node.outputs) (kept.add(value), constant.add(value));
  }
  let live = [...graph.inputs, ...graph.initializers].reduce(
    (sum, value) => sum + bytesOfValue(value),
    0,
  );
  let [peak, largest] = [live, 0];
  graph.nodes.forEach((node, i) => {
    for (const value of node.outputs) {
      live += bytesOfValue(value);
      largest = Math.max(largest, bytesOfValue(value));
    }
    peak = Math.max(peak, live);
    for (const value of new Set([...node.inputs, ...node.outputs])) {
      if (value && !kept.has(value) && lastUse.get(value) === i) live -= bytesOfValue(value);
    }
  });
  return { peakBytes: peak, largestBytes: largest };
}

/** Refuses, before any work is done, a graph with a tensor the device cannot bind. */
export function checkFits(graph: Graph, maxTensorBytes: number): void {
  const { largestBytes } = planMemory(graph);
  if (largestBytes <= maxTensorBytes) return;
  const mib = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  throw new OutOfMemoryError(
    `this needs a buffer of ${mib(largestBytes)} MiB; the device allows ${mib(maxTensorBytes)} MiB`,
    'Choose a smaller size, or a lite network.',
  );
}
