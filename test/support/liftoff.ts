/**
 * V8's flag for WebAssembly by its first compiler alone: what a test computes is done before the second one has made it
 * faster, which takes both cores meanwhile. The values are the same.
 */
export const LIFTOFF_ONLY = '--liftoff-only';
