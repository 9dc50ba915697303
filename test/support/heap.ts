/** The heaps of wasm modules that are imported after this: they never shrink, so that there is one run to a process. */
interface Memory {
  readonly buffer: ArrayBufferLike;
}
const heaps: Memory[] = [];
const wasm = (globalThis as unknown as Record<'WebAssembly', unknown>).WebAssembly as {
  Memory: new (descriptor: object) => Memory;
};
wasm.Memory = class extends wasm.Memory {
  constructor(descriptor: object) {
    super(descriptor);
    heaps.push(this);
  }
};

/** Bytes to which they have grown. */
export const grown = (): number => heaps.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

/** How far a plan may be from the heap, as a share of it, either way. */
export const TOLERANCE = 0.3;
