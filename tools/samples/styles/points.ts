// Style: a sunny riverbank built from dots of pure colour set beside their complements.
import type { Rgb } from '../lib/colour.ts';
import { hex, luma, mix, ramp, saturate, scale, turnHue } from '../lib/colour.ts';
import { PaintedCanvas, scattered } from '../lib/brush.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import type { Raster, Size } from '../lib/raster.ts';
import { Random } from '../lib/random.ts';
import type { Picture } from '../picture.ts';

export const points: Picture = {
  id: 'points',
  kind: 'style',
  width: 640,
  height: 480,
  paint: paintPoints,
};

function paintPoints(size: Size): Raster {
  const unit = size.height / 480;
  const canvas = new PaintedCanvas(size);
  const random = new Random(9);
  for (const [spacing, radius, daring] of [
    [4.2, 5.2, 0.5],
    [4.4, 3.1, 1],
    [3.6, 2.3, 0.9],
    [4.6, 1.8, 1.35],
  ] as const) {
    for (const [x, y] of scattered(size, spacing * unit, random)) {
      const seen = sceneAt(x / size.height, y / size.height);
      dab(canvas, x, y, radius * unit * random.range(0.8, 1.2), pure(seen, daring, random), random);
    }
  }
  return canvas.lit(0.16);
}

/** Splits a colour into the pigments an eye would mix back: kin, warm light, cool shade, complement. */
function pure(seen: Rgb, daring: number, random: Random): Rgb {
  const strong = saturate(seen, 1 + 0.5 * daring);
  const chance = random.next();
  const bright = luma(seen);
  if (chance < 0.08 * daring) return scale(turnHue(strong, Math.PI), 0.95);
  if (chance < 0.2 * daring)
    return mix(strong, bright > 0.45 ? hex('#ffd84a') : hex('#2b3fae'), 0.6);
  if (chance < 0.3 * daring)
    return mix(strong, bright > 0.45 ? hex('#ff9d7a') : hex('#7a2f9a'), 0.5);
  if (chance < 0.38 * daring) return mix(strong, hex('#fff7e2'), bright > 0.4 ? 0.6 : 0.15);
  const hue = turnHue(strong, random.spread() * 0.32 * daring);
  return scale(hue, 1 + random.spread() * 0.14 * daring);
}

/** One touch of a round brush: a slightly lopsided dot with a raised rim. */
function dab(
  canvas: PaintedCanvas,
  x: number,
  y: number,
  radius: number,
  colour: Rgb,
  random: Random,
): void {
  const angle = random.next() * Math.PI;
  const stretch = random.range(1, 1.3);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.ceil(radius * 1.4);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const px = Math.round(x) + dx;
      const py = Math.round(y) + dy;
      const [ox, oy] = [px - x, py - y];
      const away = Math.hypot((ox * c + oy * s) / stretch, (oy * c - ox * s) * stretch);
      const cover = clamp(radius - away + 0.5);
      if (cover > 0) canvas.touch(px, py, colour, cover, 0.5 + 0.5 * (1 - away / radius));
    }
  }
}

function bankLine(x: number): number {
  return 0.8 - 0.26 * smoothstep(0.55, 1.4, x) + 0.02 * Math.sin(x * 9);
}

function farBank(x: number): number {
  return 0.44 + 0.012 * Math.sin(x * 7);
}

function sceneAt(x: number, y: number): Rgb {
  const tree = foliageAt(x, y);
  if (tree) return tree;
  const figure = figuresAt(x, y);
  if (figure) return figure;
  if (y > bankLine(x)) return grassAt(x, y);
  if (y > farBank(x)) return waterAt(x, y);
  return distanceAt(x, y);
}

/** A big tree on the right leaning over the water, with its trunk. */
function foliageAt(x: number, y: number): Rgb | undefined {
  const trunk = Math.abs(x - 1.16 - 0.07 * Math.sin(y * 5) + (y > 0.55 ? 0 : (0.55 - y) * 0.2));
  const crown = Math.hypot((x - 1.13) / 0.42, (y - 0.12) / 0.3) + 0.24 * fbm(x * 7, y * 7, 4);
  if (crown < 0.88) {
    const light = 0.5 + 0.7 * fbm(x * 11 + 3, y * 13, 3) - (x - 1.1) * 0.4 - (y - 0.12) * 0.9;
    return ramp(['#123a4a', '#1f6a3f', '#6fae35', '#d9d84a'].map(hex), light);
  }
  if (trunk < 0.022 + 0.02 * smoothstep(0.5, 0.75, y) && y < 0.72 && y > 0.1) {
    return ramp(['#c9854a', '#6a3550', '#2a2450'].map(hex), (x - 1.13) * 12);
  }
  return undefined;
}

interface Figure {
  x: number;
  foot: number;
  tall: number;
  dress: string;
  shade: string;
}

const FIGURES: readonly Figure[] = [
  { x: 0.83, foot: 0.86, tall: 0.27, dress: '#7a2a6a', shade: '#f0742a' },
  { x: 0.98, foot: 0.8, tall: 0.2, dress: '#f2efe4', shade: '#e03a3a' },
  { x: 0.5, foot: 0.93, tall: 0.24, dress: '#2a4aa0', shade: '#f5d04a' },
];

/** Walkers under parasols, seen as simple bells of cloth. */
function figuresAt(x: number, y: number): Rgb | undefined {
  for (const { x: fx, foot, tall, dress, shade } of FIGURES) {
    const u = (x - fx) / tall;
    const v = (foot - y) / tall;
    const lit = clamp(0.55 - u * 5 + 0.3 * Math.sin(u * 60));
    if (Math.hypot(u + 0.05, (v - 1.0) * 1.25) < 0.33 && v > 1.0) {
      return mix(scale(hex(shade), 0.6), hex(shade), clamp(0.6 - u * 3));
    }
    if (Math.abs(u + 0.1) < 0.016 && v > 0.55 && v <= 1) return hex('#4a2a3a');
    if (Math.hypot(u, (v - 0.93) * 1.6) < 0.085) return scale(hex(shade), 0.75);
    if (Math.hypot(u, v - 0.86) < 0.066) return hex('#f0b48c');
    const skirt = v < 0.5 ? 0.055 + 0.15 * (1 - v / 0.5) ** 0.75 : 0.05 + 0.16 * (v - 0.5);
    if (v > 0 && v < 0.81 && Math.abs(u) < skirt) {
      return mix(mix(hex(dress), hex('#1a1a55'), 0.5), hex(dress), lit);
    }
  }
  return undefined;
}

/** Meadow with long blue shadows of the tree and the walkers, and flowers in the light. */
function grassAt(x: number, y: number): Rgb {
  const cast = Math.hypot((x - 0.95) / 0.55, (y - 0.86) / 0.07) + 0.3 * fbm(x * 8, y * 20, 3);
  const walkers = FIGURES.some(({ x: fx, foot, tall }) => {
    const u = fx - x;
    return u > -0.01 && u < tall * 1.1 && Math.abs(y - foot - u * 0.16) < 0.014 + 0.02 * u;
  });
  const shadow = Math.max(smoothstep(1, 0.75, cast), walkers ? 1 : 0);
  const tufts = 0.55 + 0.5 * fbm(x * 9, y * 16, 4);
  const sunlit = ramp(['#4f9a2f', '#a3c83a', '#f0dd55'].map(hex), tufts);
  const flower =
    noise(x * 42, y * 60) > 0.62 ? hex(noise(x * 9, y * 9) > 0 ? '#f2617a' : '#fff3e0') : sunlit;
  return mix(flower, ramp(['#1f3f7a', '#2a6a55'].map(hex), tufts), shadow * 0.88);
}

function waterAt(x: number, y: number): Rgb {
  const depth = (y - farBank(x)) / 0.36;
  const ripple = noise(x * 5 + 3, y * 46) + 0.5 * noise(x * 14, y * 90);
  const mirrored = smoothstep(0.3, 0.05, depth + ripple * 0.08);
  const open = ramp(['#8fd0e8', '#4a9fd8', '#2f6fc0'].map(hex), depth + 0.3 * ripple);
  const base = mix(open, hex('#3f8a5a'), mirrored * 0.75);
  const glints = smoothstep(0.55, 0.8, ripple) * smoothstep(0.3, 0, Math.abs(x - 0.42));
  return mix(sailAt(x, y) ?? base, hex('#fff0b0'), glints * 0.85);
}

function sailAt(x: number, y: number): Rgb | undefined {
  for (const [sx, foot, tall, tint] of [
    [0.24, 0.56, 0.22, '#fff4dc'],
    [0.6, 0.5, 0.12, '#ffd9c0'],
    [0.42, 0.475, 0.07, '#fff4dc'],
  ] as const) {
    const v = (foot - y) / tall;
    const u = (x - sx) / tall;
    if (v > 0.06 && v < 1 && u > -0.02 && u < 0.42 * (1 - v))
      return mix(hex('#9fb5e0'), hex(tint), clamp(1 - u * 2));
    if (v > 0.06 && v < 0.85 && u < -0.04 && u > -0.26 * (1 - v)) return hex('#c9c2e0');
    if (v <= 0.06 && v > -0.05 && Math.abs(u - 0.05) < 0.34 + v) return hex('#6a2a3f');
    const below = (y - foot) / tall;
    const wobble = 0.06 * noise(x * 20, y * 70);
    if (below > 0.05 && below < 0.7 && u + wobble > -0.1 && u + wobble < 0.3 * (1 - below))
      return hex('#d9e2ea');
  }
  return undefined;
}

function distanceAt(x: number, y: number): Rgb {
  const sail = sailAt(x, y);
  if (sail) return sail;
  const wood =
    farBank(x) - 0.05 - 0.05 * clamp(0.6 + fbm(x * 6, 2, 4)) - 0.05 * smoothstep(0.5, 0, x);
  if (y > wood) {
    const house = Math.abs(((x * 5.2) % 1) - 0.5) < 0.13 && y > farBank(x) - 0.045 && x > 0.35;
    if (house) return y < farBank(x) - 0.028 ? hex('#d9603a') : hex('#fbe6c2');
    return ramp(['#2a5a8a', '#3f8f5f', '#9fc25a'].map(hex), 0.5 + fbm(x * 14, y * 18, 3));
  }
  const cloud = smoothstep(-0.02, 0.4, fbm(x * 2.2 + 1, y * 5, 4));
  const sky = ramp(['#3f8fdc', '#7fc0ec', '#fbe3b8'].map(hex), y / 0.42);
  return mix(sky, mix(hex('#fff6e6'), hex('#f2b8b0'), smoothstep(0.1, 0.5, y)), cloud * 0.8);
}
