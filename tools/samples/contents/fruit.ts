// The objects of the still life: distance fields, each marched only inside its bounding sphere.
import type { Rgb } from '../lib/colour.ts';
import { linear, mix, ramp, scale } from '../lib/colour.ts';
import { clamp, lerp, noise, noise3, smoothstep } from '../lib/noise.ts';
import { hash } from '../lib/random.ts';
import type { Vec } from '../lib/vector.ts';
import { add, length, unit } from '../lib/vector.ts';

export interface Surface {
  point: Vec;
  normal: Vec;
  colour: Rgb;
  gloss: number;
  object: boolean;
}

interface Thing {
  centre: Vec;
  bound: number;
  gloss: number;
  /** Distance to the surface from a point relative to the centre. */
  distance: (x: number, y: number, z: number) => number;
  colour: (x: number, y: number, z: number) => Rgb;
}

const THINGS: readonly Thing[] = [
  jug([-0.62, 0, 0.75]),
  apple([0.42, 0.355, 0.05], 0.44, 1, 0.25),
  apple([-0.42, 0.32, -0.42], 0.39, 2, -0.4),
  orange([1.15, 0.386, 0.62], 0.41),
  orange([0.62, 0.377, 1.25], 0.4),
  lemon([0.5, 0.26, -0.98], 0.27, 0.5),
  pear([-1.42, 0.0, 0.12]),
  ...grapes([-1.02, 0.13, -0.95]),
];

export function hitObjects(eye: Vec, direction: Vec, limit: number): Surface | undefined {
  let best = limit;
  let hit: Thing | undefined;
  for (const thing of THINGS) {
    const t = march(thing, eye, direction, best);
    if (t >= best) continue;
    best = t;
    hit = thing;
  }
  if (!hit) return undefined;
  const point = add(eye, direction, best);
  const [x, y, z] = add(point, hit.centre, -1);
  return {
    point,
    normal: normalOf(hit, x, y, z),
    colour: hit.colour(x, y, z),
    gloss: hit.gloss,
    object: true,
  };
}

/** Whether anything stands in the way of a shadow ray. */
export function blocked(eye: Vec, direction: Vec, limit: number): boolean {
  return THINGS.some((thing) => march(thing, eye, direction, limit) < limit);
}

function march(thing: Thing, eye: Vec, direction: Vec, limit: number): number {
  const [cx, cy, cz] = thing.centre;
  const x = eye[0] - cx;
  const y = eye[1] - cy;
  const z = eye[2] - cz;
  const along = x * direction[0] + y * direction[1] + z * direction[2];
  const inside = along * along - (x * x + y * y + z * z) + thing.bound * thing.bound;
  if (inside < 0) return Infinity;
  const reach = Math.sqrt(inside);
  const end = Math.min(limit, reach - along);
  let t = Math.max(0, -along - reach);
  for (let i = 0; i < 70 && t < end; i++) {
    const gap = thing.distance(x + direction[0] * t, y + direction[1] * t, z + direction[2] * t);
    if (gap < 8e-4) return t;
    t += gap * 0.85;
  }
  return Infinity;
}

function normalOf(thing: Thing, x: number, y: number, z: number): Vec {
  const e = 1.5e-3;
  const { distance } = thing;
  return unit([
    distance(x + e, y, z) - distance(x - e, y, z),
    distance(x, y + e, z) - distance(x, y - e, z),
    distance(x, y, z + e) - distance(x, y, z - e),
  ]);
}

function smoothMin(a: number, b: number, soft: number): number {
  const t = clamp(0.5 + (0.5 * (b - a)) / soft);
  return lerp(b, a, t) - soft * t * (1 - t);
}

function apple(centre: Vec, radius: number, seed: number, lean: number): Thing {
  const tilt = (x: number, y: number): readonly [number, number] => [
    x * Math.cos(lean) - y * Math.sin(lean),
    x * Math.sin(lean) + y * Math.cos(lean),
  ];
  const distance = (x0: number, y0: number, z: number): number => {
    const [x, y] = tilt(x0, y0);
    const ring = length(x, z);
    const lobes = 0.015 * Math.cos(Math.atan2(z, x) * 5) * smoothstep(0.3, -0.4, y);
    const body = length(ring - 0.27 * radius, y * 0.93) - 0.73 * radius + lobes;
    const stalk = length(x - y * 0.12, z, y - clamp(y, 0.3 * radius, 0.98 * radius)) - 0.016;
    return Math.min(body, stalk);
  };
  const colour = (x0: number, y0: number, z: number): Rgb => {
    const [x, y] = tilt(x0, y0);
    const ring = length(x, z);
    if (y > 0.42 * radius && ring < 0.05) return linear('#3a2614');
    const angle = Math.atan2(z, x);
    const streak = noise(angle * 9 + seed * 7, y * 2) + 0.6 * noise(angle * 26, y * 3 + seed);
    const blush = 0.62 + 0.3 * Math.sin(angle + seed * 2.1) + 0.22 * streak - 0.2 * (y / radius);
    const hollow = smoothstep(0.42, 0.12, ring / radius) * smoothstep(0, 0.3, y);
    const skin = ramp(
      [linear('#c9b63d'), linear('#d2802a'), linear('#a81c1f'), linear('#6d0d18')],
      blush,
    );
    const dot = noise3(x * 42, y * 42, z * 42) > 0.72 ? 0.35 : 0;
    return mix(mix(skin, linear('#a8a03c'), hollow * 0.75), linear('#e8c98a'), dot);
  };
  return { centre, bound: radius * 1.12, gloss: 0.9, distance, colour };
}

function orange(centre: Vec, radius: number): Thing {
  const distance = (x: number, y: number, z: number): number => {
    const ball = length(x, y * 1.05, z) - radius * 0.985;
    if (ball > 0.05) return ball * 0.8;
    const pores = 0.0045 * noise3(x * 38, y * 38, z * 38);
    const navel = 0.05 * smoothstep(0.12, 0, length(x + 0.1, z + 0.16)) * (y > 0 ? 1 : 0);
    return (ball + pores + navel) * 0.8;
  };
  const colour = (x: number, y: number, z: number): Rgb => {
    const tone = 0.5 + 0.35 * noise3(x * 4, y * 4, z * 4) + 0.2 * noise3(x * 36, y * 36, z * 36);
    const peel = mix(linear('#d9650f'), linear('#f2962a'), clamp(tone));
    const green = y > 0 ? smoothstep(0.06, 0.03, length(x + 0.1, z + 0.16)) : 0;
    return mix(peel, linear('#44471c'), green);
  };
  return { centre, bound: radius * 1.03, gloss: 0.6, distance, colour };
}

function lemon(centre: Vec, radius: number, turn: number): Thing {
  const c = Math.cos(turn);
  const s = Math.sin(turn);
  const distance = (x: number, y: number, z: number): number => {
    const long = x * c + z * s;
    const ring = length(y, z * c - x * s);
    const body = (length(long * 0.74, ring) - radius) * 0.9;
    const tip = length(long - 1.36 * radius, ring) - 0.1 * radius;
    const smooth = smoothMin(body, tip, 0.13);
    return smooth > 0.05 ? smooth : smooth + 0.0035 * noise3(x * 36, y * 36, z * 36);
  };
  const colour = (x: number, y: number, z: number): Rgb => {
    const tone = 0.5 + 0.5 * noise3(x * 6, y * 6, z * 6) + 0.2 * noise3(x * 40, y * 40, z * 40);
    return mix(linear('#e3b512'), linear('#f4dc4a'), clamp(tone));
  };
  return { centre, bound: radius * 1.6, gloss: 0.65, distance, colour };
}

function pear([cx, cy, cz]: Vec): Thing {
  const middle = 0.6;
  const distance = (x: number, up: number, z: number): number => {
    const y = up + middle;
    const body = length(x, (y - 0.4) * 0.96, z) - 0.4;
    const neck = length(x - 0.05, y - 0.86, z) - 0.17;
    const stalk = length(x - 0.06 - (y - 0.9) * 0.3, z, y - clamp(y, 0.9, 1.24)) - 0.017;
    return Math.min(smoothMin(body, neck, 0.34), stalk) * 0.92;
  };
  const colour = (x: number, up: number, z: number): Rgb => {
    const y = up + middle;
    if (y > 1.05) return linear('#46301a');
    const russet = noise3(x * 7, y * 7, z * 7) * 0.5 + noise3(x * 28, y * 28, z * 28) * 0.4;
    const green = ramp(
      [linear('#7d8a2a'), linear('#b9b04a'), linear('#cf9f45')],
      0.5 + 0.5 * russet - x,
    );
    const fleck = noise3(x * 55, y * 55, z * 55) > 0.62 ? 0.55 : 1;
    return scale(green, fleck);
  };
  return { centre: [cx, cy + middle, cz], bound: 0.68, gloss: 0.5, distance, colour };
}

function grapes([cx, cy, cz]: Vec): Thing[] {
  return Array.from({ length: 23 }, (_, i): Thing => {
    const layer = i < 14 ? 0 : i < 20 ? 1 : 2;
    const spread = 0.36 - layer * 0.13;
    const angle = i * 2.4 + hash(i, 1);
    const away = spread * Math.sqrt(hash(i, 2) * 0.7 + 0.3 * ((i % 7) / 7));
    const radius = 0.115 + 0.025 * hash(i, 3);
    const centre: Vec = [
      cx + Math.cos(angle) * away * 1.35,
      cy + layer * 0.16,
      cz + Math.sin(angle) * away,
    ];
    return {
      centre,
      bound: radius * 1.01,
      gloss: 0.8,
      distance: (x, y, z) => length(x, y, z) - radius,
      colour: (x, y, z) => {
        const bloom = smoothstep(-0.3, 0.9, noise3(x * 12 + i, y * 12, z * 12));
        return mix(linear(i % 5 === 0 ? '#4a1838' : '#27143a'), linear('#6a6f96'), bloom * 0.5);
      },
    };
  });
}

/** A glazed jug turned on a wheel: a profile of radii by height, and one handle. */
function jug([cx, cy, cz]: Vec): Thing {
  const middle = 0.9;
  const profile = (y: number): number => {
    const belly = 0.5 * Math.sin(clamp((y + 0.12) / 1.5) * Math.PI) ** 0.8;
    const lip = 0.1 * smoothstep(1.38, 1.78, y);
    return Math.max(belly, 0.2 + 0.04 * smoothstep(0.2, 0, y)) + lip;
  };
  const distance = (x: number, up: number, z: number): number => {
    const y = up + middle;
    const ring = length(x, z);
    const throwing = 0.0012 * Math.sin(y * 62);
    const side = Math.abs(ring - profile(y) + 0.022 + throwing) - 0.022;
    const wall = Math.max(side * 0.72, y - 1.78, -y);
    const bend = length((x + 0.4) * 1.1, y - 1.18) - 0.34;
    const handle = Math.max(length(bend, z * 0.75) - 0.05, x + 0.25);
    return smoothMin(wall, handle * 0.85, 0.05);
  };
  const colour = (x: number, up: number, z: number): Rgb => {
    const y = up + middle;
    const angle = Math.atan2(z, x);
    const drip = 0.66 + 0.1 * noise(angle * 3, 2) + 0.05 * noise(angle * 9, 7);
    const glaze = smoothstep(drip - 0.02, drip + 0.02, y);
    const speckle = noise3(x * 30, y * 30, z * 30) > 0.55 ? 0.6 : 1;
    const clay = scale(linear('#b58a5f'), speckle * (0.9 + 0.2 * noise(y * 30, angle)));
    const pool = 0.5 + 0.5 * noise3(x * 4, y * 5, z * 4) + 0.25 * noise(angle * 14, y * 3);
    const blue = ramp([linear('#123f4c'), linear('#1f6f78'), linear('#63a69a')], pool);
    return mix(clay, blue, glaze);
  };
  return { centre: [cx, cy + middle, cz], bound: 1.06, gloss: 1, distance, colour };
}
