// Smooth noise in two and three dimensions and the sums of octaves built on it.
import { hash, Random } from './random.ts';

const TABLE = shuffledTable();
const GRADIENT_X = Float64Array.from({ length: 256 }, (_, i) => Math.cos((i * Math.PI) / 128));
const GRADIENT_Y = Float64Array.from({ length: 256 }, (_, i) => Math.sin((i * Math.PI) / 128));

function shuffledTable(): Uint8Array {
  const random = new Random(20);
  const order = Array.from({ length: 256 }, (_, i) => ({ i, key: random.next() }));
  order.sort((a, b) => a.key - b.key);
  return Uint8Array.from({ length: 512 }, (_, i) => order[i & 255]!.i);
}

export function clamp(value: number, low = 0, high = 1): number {
  return value < low ? low : value > high ? high : value;
}

export function lerp(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below `from`, 1 above `to`, an S curve between; `from` may be the larger one. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

function corner(ix: number, iy: number, dx: number, dy: number): number {
  const slot = TABLE[TABLE[ix & 255]! + (iy & 255)]!;
  return GRADIENT_X[slot]! * dx + GRADIENT_Y[slot]! * dy;
}

/** Gradient noise, about -1..1. */
export function noise(x: number, y: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const dx = x - ix;
  const dy = y - iy;
  const u = fade(dx);
  const top = lerp(corner(ix, iy, dx, dy), corner(ix + 1, iy, dx - 1, dy), u);
  const low = lerp(corner(ix, iy + 1, dx, dy - 1), corner(ix + 1, iy + 1, dx - 1, dy - 1), u);
  return lerp(top, low, fade(dy)) * 1.5;
}

function lattice(x: number, y: number, z: number): number {
  return TABLE[TABLE[TABLE[x & 255]! + (y & 255)]! + (z & 255)]! / 127.5 - 1;
}

/** Value noise in space, -1..1. */
export function noise3(x: number, y: number, z: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const iz = Math.floor(z);
  const u = fade(x - ix);
  const v = fade(y - iy);
  const near = latticePlane(ix, iy, iz, u, v);
  return lerp(near, latticePlane(ix, iy, iz + 1, u, v), fade(z - iz));
}

function latticePlane(x: number, y: number, z: number, u: number, v: number): number {
  const top = lerp(lattice(x, y, z), lattice(x + 1, y, z), u);
  return lerp(top, lerp(lattice(x, y + 1, z), lattice(x + 1, y + 1, z), u), v);
}

export function fbm(x: number, y: number, octaves: number, gain = 0.5): number {
  let sum = 0;
  let amplitude = 1;
  let px = x;
  let py = y;
  for (let i = 0; i < octaves; i++) {
    sum += amplitude * noise(px, py);
    amplitude *= gain;
    // Turning each octave hides the lattice.
    const turned = 1.62 * px - 1.18 * py + 17.3;
    py = 1.18 * px + 1.62 * py + 5.9;
    px = turned;
  }
  return sum * (1 - gain) * 1.6;
}

/** Sharp crests: octaves of 1-|noise|, each weighted by the one before, so valleys stay smooth. */
export function ridged(x: number, y: number, octaves: number): number {
  let sum = 0;
  let weight = 1;
  let amplitude = 0.55;
  let px = x;
  let py = y;
  for (let i = 0; i < octaves; i++) {
    const crest = 1 - Math.abs(noise(px, py));
    const sharp = crest * crest * weight;
    sum += sharp * amplitude;
    weight = clamp(sharp * 1.6);
    amplitude *= 0.45;
    const turned = 1.64 * px - 1.2 * py + 31.7;
    py = 1.2 * px + 1.64 * py + 11.1;
    px = turned;
  }
  return sum;
}

export interface Cell {
  /** Distance to the nearest seed and to the one after it. */
  nearest: number;
  second: number;
  /** The nearest seed's offset from the point and its own number in 0..1. */
  dx: number;
  dy: number;
  id: number;
}

/** Jittered grid of seeds with unit spacing: the nearest two seen from a point. */
export function cells(x: number, y: number, jitter = 1, seed = 0): Cell {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const found: Cell = { nearest: Infinity, second: Infinity, dx: 0, dy: 0, id: 0 };
  for (let cy = iy - 1; cy <= iy + 1; cy++) {
    for (let cx = ix - 1; cx <= ix + 1; cx++) {
      const dx = cx + 0.5 + (hash(cx, cy, seed) - 0.5) * jitter - x;
      const dy = cy + 0.5 + (hash(cx, cy, seed + 1) - 0.5) * jitter - y;
      const distance = Math.hypot(dx, dy);
      if (distance < found.nearest) {
        found.second = found.nearest;
        found.nearest = distance;
        found.dx = dx;
        found.dy = dy;
        found.id = hash(cx, cy, seed + 2);
      } else if (distance < found.second) {
        found.second = distance;
      }
    }
  }
  return found;
}
