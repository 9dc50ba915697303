import { OutOfMemoryError } from '../errors.ts';
import type { Graph, Node, Value } from '../graph/graph.ts';
import { DTYPES, sizeOf } from '../graph/tensor.ts';

export interface MemoryPlan {
  /** Bytes alive at the worst moment: weights, inputs and every value between its making and its last use. */
  readonly peakBytes: number;
  /** Of these what stays between two runs: weights and inputs. */
  readonly heldBytes: number;
  /** Of these what the runtime makes of other constants when it loads the graph. */
  readonly madeBytes: number;
  /** Bytes of the largest single tensor, which must fit one GPU binding. */
  readonly largestBytes: number;
}

export function bytesOfValue(value: Value): number {
  return sizeOf(value.dims) * DTYPES[value.dtype].bytes;
}

/** They give their input's bytes other dims. */
const ALIASES: ReadonlySet<string> = new Set(
  'Reshape Identity Squeeze Unsqueeze Flatten'.split(' '),
);

/** The value whose bytes these are. */
function storageOf(value: Value): Value {
  let own = value;
  while (own.producer && ALIASES.has(own.producer.op)) own = own.producer.inputs[0]!;
  return own;
}

/** What a graph needs when run in its own order. A runtime that pools buffers needs somewhat more. */
export function planMemory(graph: Graph): MemoryPlan {
  const { permanent, running } = constantsOf(graph);
  const kept = new Set([...graph.outputs, ...graph.inputs, ...permanent].map(storageOf));
  const used = ({ inputs, outputs }: Node) =>
    new Set([...inputs, ...outputs].filter((value) => value !== null).map(storageOf));
  const lastUse = new Map<Value, number>();
  running.forEach((node, i) => used(node).forEach((value) => lastUse.set(value, i)));
  const first = [...new Set([...graph.inputs, ...permanent].map(storageOf))];
  const sum = (values: readonly Value[]) => values.reduce((all, own) => all + bytesOfValue(own), 0);
  const held = sum(first);
  const made = sum(first.filter(({ producer }) => producer !== null));
  let [live, peak, largest] = [held, held, 0];
  running.forEach((node, i) => {
    for (const value of node.outputs) {
      if (storageOf(value) === value) live += bytesOfValue(value);
      largest = Math.max(largest, bytesOfValue(value));
    }
    peak = Math.max(peak, live);
    for (const value of used(node)) {
      if (!kept.has(value) && lastUse.get(value) === i) live -= bytesOfValue(value);
    }
  });
  return { peakBytes: peak, heldBytes: held, madeBytes: made, largestBytes: largest };
}

/** Of graphs that are loaded at once and run by turns; `pooled`: each keeps what a run has taken for its next one. */
export function planTogether(plans: readonly MemoryPlan[], pooled: boolean): MemoryPlan {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const heldBytes = sum(plans.map((plan) => plan.heldBytes));
  const running = plans.map((plan) => plan.peakBytes - plan.heldBytes);
  return {
    heldBytes,
    madeBytes: sum(plans.map((plan) => plan.madeBytes)),
    peakBytes: heldBytes + (pooled ? sum(running) : Math.max(...running)),
    largestBytes: Math.max(...plans.map((plan) => plan.largestBytes)),
  };
}

/**
 * Nodes that depend on an input, and the constants they use. What is made of constants alone is made once, when the graph is
 * loaded, and what it was made of is let go.
 */
function constantsOf(graph: Graph): {
  readonly permanent: ReadonlySet<Value>;
  readonly running: readonly Node[];
} {
  const constant = new Set<Value>(graph.initializers);
  const running = graph.nodes.filter((node) => {
    if (!node.inputs.every((input) => !input || constant.has(input))) return true;
    for (const value of node.outputs) constant.add(value);
    return false;
  });
  const used = running.flatMap(({ inputs }) => inputs.filter((input) => input !== null));
  return { running, permanent: new Set(used.filter((value) => constant.has(value))) };
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
