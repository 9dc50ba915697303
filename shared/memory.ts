/** What a run may take of a device's memory before it goes by tiles. The engine plans by it, the page foretells by it. */
import type { Cost } from './models.ts';

const GIB = 2 ** 30;

/**
 * By backend, in bytes: up to `whole` a picture is painted in one piece, which is faster; tiles may take up to `tile`. A wasm
 * heap ends at 4 GiB and never shrinks; a GPU does not say what it has.
 */
export const MEMORY_BUDGETS = {
  wasm: { whole: 3 * GIB, tile: 2 * GIB },
  webgpu: { whole: 3 * GIB, tile: 1.25 * GIB },
} as const;

const MIB = 2 ** 20;
/** The wasm runtime itself. */
const RUNTIME = 12 * MIB;
/** By how much a wasm heap outgrows what is alive in it: by what lies between, and as it grows by a fifth at a time. */
const SLACK = 1.75;

/** How often the heap has what the runtime makes of constants when it loads a graph: parts, product, and product in place. */
const LOADING = 3.6;

/**
 * Bytes to which a wasm heap grows; see test/unit/heap.test.ts.
 *
 * @param alive bytes alive at the worst moment of a run
 * @param made those of them that the runtime makes of constants when it loads the graph
 */
export const heapBytes = (alive: number, made = 0): number =>
  RUNTIME + Math.max(SLACK * alive, LOADING * made);

/** Bytes that a backend takes for so many that are alive at once. */
export const bytesOn = (backend: keyof typeof MEMORY_BUDGETS, alive: number): number =>
  backend === 'wasm' ? heapBytes(alive) : alive;

/**
 * Bytes that a step in one piece takes of a device. On wasm what is written for speed takes more, and is left where there is
 * no room for it.
 *
 * @param extra bytes that are alive beside it
 */
export function bytesInOnePiece(
  backend: keyof typeof MEMORY_BUDGETS,
  { bytes, fixedBytes, wasm }: Cost,
  pixels: number,
  extra = 0,
): number {
  const plain = bytesOn(backend, fixedBytes + bytes * pixels + extra);
  if (backend !== 'wasm' || !wasm) return plain;
  const fast = heapBytes(wasm.fixedBytes + wasm.bytes * pixels + extra, wasm.madeBytes);
  return fast <= MEMORY_BUDGETS.wasm.whole ? fast : plain;
}

/** Images of float32 that Adam keeps in the host's memory while the device works on tiles: x, g, m, v and the best. */
export const HELD_BY_ADAM = 5;

/** The same of L-BFGS, which looks ahead: x, g, s and y twice, the best, and two for each remembered step. */
export const heldByLbfgs = (history: number): number => 9 + 2 * history;
