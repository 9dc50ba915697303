/**
 * Where the time of a step goes: each operator's arithmetic and traffic, the time that the slower of both would take at this
 * machine's own peaks (Williams, Waterman, Patterson 2009, "Roofline"), and the time it takes.
 */
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { readersOf, type Graph, type Node, type Value } from '../../web/engine/graph/graph.ts';
import { sizeOf } from '../../web/engine/graph/tensor.ts';
import { legalised, passesFor, type Target } from '../../web/engine/lowering/index.ts';
import { bytesOfValue, planMemory } from '../../web/engine/runtime/memory.ts';
import type { Runtime } from '../../web/engine/runtime/runtime.ts';
import { flopsOfNode } from './flops.ts';

export interface Row {
  readonly op: string;
  nodes: number;
  gflop: number;
  /** Read and written, each tensor once a node. */
  gigabytes: number;
  predictedMs: number;
  measuredMs: number;
}

export interface Peaks {
  /** Of a large matrix product. */
  readonly gflops: number;
  /** Of a large sum: two read, one written. */
  readonly gigabytes: number;
}

export interface Stage {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly peakBytes: number;
}

/** They look at the same bytes under other dims. */
const FREE: ReadonlySet<string> = new Set('Reshape Identity Squeeze Unsqueeze Flatten'.split(' '));

/**
 * Nodes that depend on an input: what is made of constants alone is made once, when the graph is loaded. Nor does a ReLU
 * count that alone reads a convolution: the runtime has the convolution do it (FusedConv; on WebGPU seen in 1.30).
 */
function running(graph: Graph): Node[] {
  const changing = new Set<Value>(graph.inputs);
  const readers = readersOf(graph);
  const joined = ({ op, inputs: [x] }: Node) =>
    op === 'Relu' && x?.producer?.op === 'Conv' && readers.get(x) === 1;
  return graph.nodes.filter((node) => {
    if (!node.inputs.some((input) => input && changing.has(input))) return false;
    for (const value of node.outputs) changing.add(value);
    return !FREE.has(node.op) && !joined(node);
  });
}

const gigabytesOf = ({ inputs, outputs }: Node): number =>
  [...inputs, ...outputs].reduce((sum, value) => sum + (value ? bytesOfValue(value) : 0), 0) / 1e9;

/** The graph as written, and after each pass of the target. */
export function stages(graph: Graph, target: Target): { name: string; graph: Graph }[] {
  let current = graph;
  const all = [{ name: 'as written', graph: legalised(current) }];
  for (const { name, run } of passesFor(target)) {
    current = run(current);
    all.push({ name: `after "${name}"`, graph: legalised(current) });
  }
  return all;
}

/** @param timing runs nodes by themselves, on a runtime that leaves graphs as they are; null: nothing is measured */
export async function rooflineOf(
  graph: Graph,
  peaks: Peaks,
  timing: Timing | null,
): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (const node of running(graph)) {
    const row = rows.get(node.op) ?? {
      op: node.op,
      nodes: 0,
      gflop: 0,
      gigabytes: 0,
      predictedMs: 0,
      measuredMs: 0,
    };
    rows.set(node.op, row);
    const [gflop, gigabytes] = [flopsOfNode(node) / 1e9, gigabytesOf(node)];
    row.nodes++;
    row.gflop += gflop;
    row.gigabytes += gigabytes;
    row.predictedMs += 1e3 * Math.max(gflop / peaks.gflops, gigabytes / peaks.gigabytes);
    if (timing) row.measuredMs += await timing.of(node);
  }
  return [...rows.values()].sort(
    (a, b) => b.measuredMs - a.measuredMs || b.predictedMs - a.predictedMs,
  );
}

/** Times single nodes: several copies against one, so that carrying the inputs over does not count. */
export class Timing {
  readonly #runtime: Runtime;
  readonly #known = new Map<string, number>();

  /** @param runtime does not merge equal nodes: `verbatim` on wasm */
  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  async of(node: Node): Promise<number> {
    const key = signature(node);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const [one, more] = [await this.#run(node, 1), await this.#run(node, 1 + COPIES)];
    const ms = Math.max(0, (more - one) / COPIES);
    this.#known.set(key, ms);
    return ms;
  }

  async #run(node: Node, copies: number): Promise<number> {
    const b = new GraphBuilder();
    const feeds: Record<string, Float32Array> = {};
    const inputs = node.inputs.map((value, i) => {
      if (!value) return null;
      // Shapes and kernels stay constants.
      if (value.data) return b.initializer(value.data);
      const name = `i${i}`;
      feeds[name] = Float32Array.from(
        { length: sizeOf(value.dims) },
        (_, k) => (k % 17) / 16 - 0.5,
      );
      return b.cast(b.input(name, value.dims), value.dtype);
    });
    for (let i = 0; i < copies; i++) {
      const out = b.nodeOf(node.op, inputs, node.attributes).outputs[0]!;
      const first = b.slice(b.reshape(out, [sizeOf(out.dims)]), [0], [0], [1]);
      b.output(b.cast(first, 'float32'), `o${i}`);
    }
    const program = await this.#runtime.load(b.build(), []);
    try {
      const times: number[] = [];
      for (let i = 0; i <= REPEATS; i++) {
        const started = performance.now();
        await (await program.run(feeds)).read();
        times.push(performance.now() - started);
      }
      return Math.min(...times.slice(1));
    } finally {
      program.dispose();
    }
  }

  /** What this machine does at best. */
  async peaks(): Promise<Peaks> {
    const side = 768;
    const b = new GraphBuilder();
    const [x, y] = [b.input('x', [side, side]), b.input('y', [side, side])];
    const product = b.matMul(x, y).producer!;
    const [u, w] = [b.input('u', [2 ** 22]), b.input('w', [2 ** 22])];
    const sum = b.add(u, w).producer!;
    return {
      gflops: (2 * side ** 3) / (await this.of(product)) / 1e6,
      gigabytes: (gigabytesOf(sum) / (await this.of(sum))) * 1e3,
    };
  }
}

const COPIES = 3;
const REPEATS = 3;

function signature({ op, inputs, attributes }: Node): string {
  const types = inputs.map(
    (value) =>
      value && [
        value.dtype,
        value.dims,
        value.data && sizeOf(value.dims) <= 16 ? [...value.data.bytes] : !!value.data,
      ],
  );
  return JSON.stringify([op, types, attributes]);
}

export function tableOfStage({ name, rows, peakBytes }: Stage): string {
  const total = rows.reduce<Row>(
    (sum, row) => ({
      op: 'all',
      nodes: sum.nodes + row.nodes,
      gflop: sum.gflop + row.gflop,
      gigabytes: sum.gigabytes + row.gigabytes,
      predictedMs: sum.predictedMs + row.predictedMs,
      measuredMs: sum.measuredMs + row.measuredMs,
    }),
    { op: 'all', nodes: 0, gflop: 0, gigabytes: 0, predictedMs: 0, measuredMs: 0 },
  );
  const lines = [...rows, total].map((row) =>
    [
      row.op.padEnd(18),
      String(row.nodes).padStart(5),
      row.gflop.toFixed(2).padStart(9),
      row.gigabytes.toFixed(3).padStart(8),
      row.predictedMs > 0 ? row.predictedMs.toFixed(1).padStart(10) : '-'.padStart(10),
      row.measuredMs > 0 ? row.measuredMs.toFixed(1).padStart(9) : '-'.padStart(9),
    ].join(' '),
  );
  return [
    `${name}: at most ${Math.round(peakBytes / 2 ** 20)} MiB`,
    `${'operator'.padEnd(18)} nodes     GFLOP       GB  predicted  measured`,
    ...lines,
    '',
  ].join('\n');
}

export async function stagesOf(
  graph: Graph,
  target: Target,
  peaks: Peaks,
  timing: Timing | null,
): Promise<Stage[]> {
  const all: Stage[] = [];
  for (const { name, graph: lowered } of stages(graph, target)) {
    const rows = await rooflineOf(lowered, peaks, timing);
    all.push({ name, rows, peakBytes: planMemory(lowered).peakBytes });
  }
  return all;
}
