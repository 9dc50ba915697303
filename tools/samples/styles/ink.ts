// Style: ink on paper, misty mountains in wet granulating washes behind a stand of bamboo.
import type { Rgb } from '../lib/colour.ts';
import { hex, mix, scale } from '../lib/colour.ts';
import { clamp, fbm, noise, ridged, smoothstep } from '../lib/noise.ts';
import type { Size } from '../lib/raster.ts';
import { Raster } from '../lib/raster.ts';
import type { Picture } from '../picture.ts';
import type { InkStroke } from './bamboo.ts';
import { bamboo, birds } from './bamboo.ts';

const INK = hex('#14151b');
const BLUE_INK = hex('#2c3d4f');
const SEAL = hex('#b3271e');

export const ink: Picture = {
  id: 'ink',
  kind: 'style',
  width: 512,
  height: 640,
  paint: paintInk,
};

/** Everything is measured in picture heights; the ink is laid down as density on the paper. */
function paintInk(size: Size): Raster {
  const density = washes(size);
  for (const stroke of [...bamboo(), ...birds()]) brush(density, size, stroke);
  return Raster.from(size, (px, py) => {
    const x = px / size.height;
    const y = py / size.height;
    const amount = clamp(density[py * size.width + px]!);
    const tint = mix(BLUE_INK, INK, smoothstep(0.25, 0.75, amount));
    return seal(mix(sunOn(paper(x, y), x, y), tint, amount), x, y);
  });
}

/** Warm mulberry paper: long fibres, cloudy tone, fine tooth. */
function paper(x: number, y: number): Rgb {
  const cloud = fbm(x * 3, y * 3, 4);
  const bend = 0.8 * noise(x * 6, y * 6);
  const fibre =
    smoothstep(0.6, 0.9, noise(x * 14 + bend * 5, y * 110 + bend * 9)) +
    smoothstep(0.66, 0.9, noise(x * 120 + bend * 8, y * 16));
  const tooth = noise(x * 330, y * 330);
  return scale(
    mix(hex('#f1e6cd'), hex('#e2d0a8'), clamp(0.45 + cloud * 0.6)),
    1 - 0.055 * fibre + 0.022 * tooth,
  );
}

function sunOn(under: Rgb, x: number, y: number): Rgb {
  const away = Math.hypot(x - 0.535, y - 0.19) + 0.004 * fbm(x * 24, y * 24, 3);
  const wash = 0.62 + 0.3 * fbm(x * 18, y * 18, 4) + 0.25 * smoothstep(0.05, 0.071, away);
  return mix(under, hex('#c8402a'), smoothstep(0.074, 0.069, away) * clamp(wash));
}

interface Ridge {
  level: number;
  rise: number;
  pitch: number;
  depth: number;
  fall: number;
  seed: number;
}

const RIDGES: readonly Ridge[] = [
  { level: 0.42, rise: 0.3, pitch: 2.1, depth: 0.3, fall: 0.13, seed: 3 },
  { level: 0.53, rise: 0.3, pitch: 2.7, depth: 0.48, fall: 0.12, seed: 11 },
  { level: 0.66, rise: 0.26, pitch: 3.1, depth: 0.66, fall: 0.12, seed: 21.4 },
  { level: 0.8, rise: 0.17, pitch: 4.2, depth: 0.85, fall: 0.13, seed: 37 },
];

/** Each ridge is a wash that starts dark at its crest, pools at the edge and dissolves into mist. */
function washes(size: Size): Float32Array {
  const density = new Float32Array(size.width * size.height);
  for (let py = 0; py < size.height; py++) {
    for (let px = 0; px < size.width; px++) {
      const x = px / size.height;
      const y = py / size.height;
      let clear = 1 - 0.16 * smoothstep(0.1, 0.6, fbm(x * 2.2, y * 4, 4)) * smoothstep(0.5, 0.1, y);
      for (const ridge of RIDGES) clear *= 1 - washOf(ridge, x, y);
      clear *= 1 - waterOf(x, y);
      density[py * size.width + px] = 1 - clear;
    }
  }
  return density;
}

function washOf({ level, rise, pitch, depth, fall, seed }: Ridge, x: number, y: number): number {
  const bleed = 0.006 * fbm(x * 40 + seed, y * 40, 4) + 0.0025 * noise(x * 160, y * 160 + seed);
  const crest =
    level -
    rise * ridged(x * pitch + seed, seed * 1.7, 6) ** 1.25 +
    0.06 * noise(x * 1.7 + seed, 3);
  const below = y - crest + bleed;
  if (below < -0.03) return 0;
  const edge = smoothstep(-0.003, 0.0035, below);
  const feather =
    0.16 * smoothstep(-0.03, 0, below) * clamp(0.4 + 1.4 * fbm(x * 9 + seed, y * 9, 3));
  const pooled = 0.35 * Math.exp(-below / 0.008);
  const texture = cragged(x, y, below, seed);
  const mist = Math.exp(
    -((clamp(below, 0, 1) / (fall * (1 + 0.7 * fbm(x * 3 + seed, 1, 3)))) ** 1.6),
  );
  const grain = 1 + 0.32 * noise(x * 260 + seed, y * 260) + 0.3 * fbm(x * 50, y * 50 + seed, 3);
  return clamp(depth * Math.max(feather, edge * (0.42 + pooled + texture)) * mist * grain, 0, 0.96);
}

/** Axe-cut strokes down the rock face: slanted dry texture that fades with depth. */
function cragged(x: number, y: number, below: number, seed: number): number {
  const slant = x + 0.35 * below * Math.sin(x * 16 + seed);
  const folds = ridged(slant * 13 + seed, y * 5.5 + 0.4 * noise(x * 20, y * 20), 4);
  const dry = smoothstep(
    -0.15,
    0.35,
    noise(x * 120, y * 70 + seed) + 0.5 * noise(x * 300, y * 200),
  );
  return (smoothstep(0.4, 0.95, folds) * (0.35 + 0.65 * dry) - 0.12) * 0.85;
}

/** Bare paper for water, touched with a few level strokes under the last ridge. */
function waterOf(x: number, y: number): number {
  const band = smoothstep(0.84, 0.9, y) * smoothstep(1.0, 0.93, y);
  const lines = smoothstep(0.35, 0.75, noise(x * 4 + 2, y * 70 + 0.5 * noise(x * 6, y * 9)));
  const dry = smoothstep(-0.3, 0.4, noise(x * 90, y * 260));
  return band * lines * dry * 0.4;
}

/** Lays one tapering stroke: wet dark edges, dry streaks where the brush ran fast. */
function brush(density: Float32Array, size: Size, stroke: InkStroke): void {
  const { from, bend, to, width, dark, dry, seed } = stroke;
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) * size.height;
  const steps = Math.ceil(length * 1.6);
  const laid = new Map<number, number>();
  for (let step = 0; step <= steps; step++) {
    const t = step / steps;
    const s = 1 - t;
    const x = s * s * from[0] + 2 * s * t * bend[0] + t * t * to[0];
    const y = s * s * from[1] + 2 * s * t * bend[1] + t * t * to[1];
    const tx = s * (bend[0] - from[0]) + t * (to[0] - bend[0]);
    const ty = s * (bend[1] - from[1]) + t * (to[1] - bend[1]);
    const scaled = Math.hypot(tx, ty) || 1;
    const half = (width(t) * size.height) / 2;
    for (let offset = -half - 1; offset <= half + 1; offset += 0.5) {
      const px = Math.round(x * size.height - (ty / scaled) * offset);
      const py = Math.round(y * size.height + (tx / scaled) * offset);
      if (px < 0 || py < 0 || px >= size.width || py >= size.height) continue;
      const across = offset / (half + 0.01);
      const streak = noise(across * 5 + seed, t * 2.2) + 0.7 * noise(across * 14 + seed, t * 6);
      const held = smoothstep(
        dry * 1.5 - 1.1,
        dry * 1.5 - 0.6,
        streak + 0.3 * noise(px * 0.6, py * 0.6),
      );
      const wet =
        0.72 + 0.28 * smoothstep(0.6, 1, Math.abs(across)) + 0.18 * noise(t * 5 + seed, across * 2);
      const cover = clamp(half + 0.6 - Math.abs(offset)) * held * dark * wet;
      const at = py * size.width + px;
      laid.set(at, Math.max(laid.get(at) ?? 0, cover));
    }
  }
  for (const [at, cover] of laid)
    density[at] = 1 - (1 - density[at]!) * (1 - clamp(cover, 0, 0.97));
}

/** A small carved seal of our own: a mountain and a wave in a square. */
function seal(under: Rgb, x: number, y: number): Rgb {
  const u = (x - 0.065) / 0.052 + 0.05 * noise(x * 90, y * 90);
  const v = (y - 0.9) / 0.052 + 0.05 * noise(x * 90 + 7, y * 90);
  if (u < 0 || u > 1 || v < 0 || v > 1) return under;
  const frame = Math.min(u, v, 1 - u, 1 - v) < 0.1 && Math.min(u, v, 1 - u, 1 - v) > 0.045;
  const peak = Math.abs(v - 0.2 - Math.abs(u - 0.5) * 1.1) < 0.06 && v < 0.6;
  const wave = Math.abs(v - 0.74 - 0.05 * Math.sin(u * 17)) < 0.05;
  const worn = smoothstep(-0.75, -0.3, noise(x * 240, y * 240));
  return mix(under, SEAL, frame || peak || wave ? 0.08 : 0.92 * worn);
}
