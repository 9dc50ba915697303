/** Deterministic random numbers: the same seed gives the same picture everywhere. */
export type Random = () => number;

/** Uniform numbers in [0, 1). splitmix32 (Steele, Lea, Flood 2014, in 32 bits). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers (Box and Muller 1958). */
export function normal(uniform: Random): Random {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
