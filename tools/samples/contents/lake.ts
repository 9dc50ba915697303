// Content: a mountain lake at golden hour, a ray-marched valley with forest, haze and reflections.
import type { Rgb } from '../lib/colour.ts';
import { linear, mix, plus, ramp, scale, times } from '../lib/colour.ts';
import type { Random } from '../lib/random.ts';
import { develop, expose } from '../lib/film.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import type { Vec } from '../lib/vector.ts';
import { add, dot, lookAt, rayThrough, reflect, unit } from '../lib/vector.ts';
import type { Picture } from '../picture.ts';
import { FAR, groundAt, isTree, surfaceAt } from './valley.ts';

const SUN = unit([0.2, 0.135, 1]);
const SUNLIGHT: Rgb = scale(linear('#ffb868'), 8);
const SKYLIGHT: Rgb = scale(linear('#8fa8d8'), 0.95);
const CAMERA = lookAt([0, 0.95, -1.2], [-0.75, 2.0, 10]);

export const lake: Picture = {
  id: 'lake',
  kind: 'content',
  width: 768,
  height: 576,
  paint: (size) =>
    develop(
      expose(size, 2, (u, v, random) =>
        look(CAMERA.eye, rayThrough(CAMERA, u * 0.9, v * 0.9), random),
      ),
      { exposure: 1.4, bloom: 0.3, vignette: 0.4, grain: 0.014, saturation: 1.22 },
    ),
};

function look(eye: Vec, direction: Vec, random: Random): Rgb {
  const water = direction[1] < -1e-4 ? -eye[1] / direction[1] : Infinity;
  const land = march(eye, direction, Math.min(water, FAR), random.next());
  if (land < Infinity) return shadeLand(eye, direction, land);
  if (water === Infinity) return skyColour(direction);
  return shadeWater(eye, direction, water, random);
}

/** Walks a ray over the terrain; infinity when it leaves without touching it. */
function march(eye: Vec, direction: Vec, limit: number, jitter: number): number {
  let t = 0.4 + jitter * 0.03;
  let before = t;
  while (t < limit) {
    const height = eye[1] + direction[1] * t;
    if (height > 26 && direction[1] > 0) return Infinity;
    const gap = height - surfaceAt(eye[0] + direction[0] * t, eye[2] + direction[2] * t, height);
    if (gap < 0) return (before + t) / 2;
    before = t;
    t += Math.max(0.006 + t * 0.0012, gap * 0.3);
  }
  return Infinity;
}

function sunVisible(point: Vec): number {
  let lit = 1;
  for (let t = 0.15; t < 30 && lit > 0; t *= 1.22) {
    const height = point[1] + SUN[1] * t;
    const gap = height - groundAt(point[0] + SUN[0] * t, point[2] + SUN[2] * t);
    lit = Math.min(lit, 0.5 + (gap / t) * 14);
  }
  return clamp(lit);
}

function normalAt(x: number, z: number, y: number, reach: number): Vec {
  const across = surfaceAt(x - reach, z, y) - surfaceAt(x + reach, z, y);
  const along = surfaceAt(x, z - reach, y) - surfaceAt(x, z + reach, y);
  return unit([across, 2 * reach, along]);
}

function shadeLand(eye: Vec, direction: Vec, t: number): Rgb {
  const point = add(eye, direction, t);
  const [x, y, z] = point;
  const normal = normalAt(x, z, y, 0.015 + t * 0.002);
  const albedo = isTree(x, z, y) ? treeColour(x, y, z) : rockColour(point, normal);
  const sun = Math.max(0, dot(normal, SUN)) * sunVisible(point);
  // Warm light bounced from the lit side of the valley keeps the shadows from going dead.
  const bounce = Math.max(0, -normal[2] * 0.5 + 0.5) * 0.3;
  const ambient = scale(SKYLIGHT, 0.35 + 0.65 * normal[1]);
  const light = plus(plus(scale(SUNLIGHT, sun), ambient), scale(linear('#ffb68a'), bounce));
  return haze(times(albedo, light), direction, t, y);
}

function treeColour(x: number, y: number, z: number): Rgb {
  const needles = ramp(
    [linear('#12231b'), linear('#2b4027'), linear('#5d5f2a')],
    0.45 + 0.5 * noise(x * 3, z * 3) + 0.25 * noise(x * 40, y * 40),
  );
  return scale(needles, 0.75 + 0.25 * clamp(y));
}

function rockColour([x, y, z]: Vec, normal: Vec): Rgb {
  const strata =
    0.5 +
    0.3 * noise(x * 0.4, y * 2.2 + 2 * noise(x * 0.7, z * 0.7)) +
    0.4 * fbm(x * 1.4, z * 1.4 + y, 4);
  const rock = ramp([linear('#3d3a42'), linear('#6f655f'), linear('#97877a')], strata);
  const grass = ramp([linear('#3b4a22'), linear('#7d7434')], 0.5 + fbm(x * 3, z * 3, 3));
  const slope = normal[1] + 0.12 * noise(x * 2, z * 2);
  const meadow = smoothstep(0.6, 0.8, slope) * smoothstep(4.5, 1.5, y);
  const snow = smoothstep(0.5, 0.68, slope) * smoothstep(3.6, 5.2, y + fbm(x, z, 3));
  const shore = smoothstep(0.09, 0.03, y) * smoothstep(0.5, 0.8, normal[1]);
  const wet = smoothstep(0.06, 0.02, y + 0.03 * noise(x * 5, z * 5));
  const base = mix(mix(rock, grass, meadow), linear('#8f7f6a'), shore * 0.7);
  return scale(mix(base, linear('#f2f4fa'), snow), 1 - 0.5 * wet);
}

/** Distance haze that thickens near the water and glows towards the sun. */
function haze(colour: Rgb, direction: Vec, t: number, height: number): Rgb {
  const low = Math.exp(-Math.max(0, height) * 0.55);
  const amount = 1 - Math.exp(-t * (0.0062 + 0.0085 * low));
  const towardsSun = clamp(dot(direction, SUN)) ** 9;
  const air = mix(linear('#9fb0d2'), scale(linear('#ffbb78'), 1.7), towardsSun);
  return mix(colour, scale(air, 0.85), amount);
}

function skyColour(direction: Vec): Rgb {
  const up = clamp(direction[1]);
  const facing = clamp(dot(direction, SUN));
  const clear = ramp(
    [linear('#ffd9a3'), linear('#f3c3a4'), linear('#a9b9d6'), linear('#5f86bf'), linear('#3f68a8')],
    up * 1.75,
  );
  const glow = plus(
    scale(linear('#ffae5c'), 0.75 * facing ** 14),
    scale(linear('#fff0cf'), 2.2 * facing ** 320 + 14 * smoothstep(0.99955, 0.9998, facing)),
  );
  return clouds(plus(clear, glow), direction, facing);
}

/** Two sheets of cloud on flat planes overhead, bright where thin and turned to the sun. */
function clouds(behind: Rgb, direction: Vec, facing: number): Rgb {
  const lift = direction[1] + 0.09;
  const x = direction[0] / lift;
  const z = direction[2] / lift;
  const drift = fbm(x * 0.5, z * 0.35, 3) * 0.7;
  const body = fbm(x * 0.55 + drift + 3.1, z * 0.8 + 8.2, 6, 0.53);
  const toSun = fbm(x * 0.55 + drift + 3.1 + SUN[0] * 0.25, z * 0.8 + 8.2 + 0.3, 4, 0.53);
  const cover = smoothstep(-0.22, 0.36, body) * smoothstep(0.02, 0.12, direction[1]);
  const shade = clamp(0.55 + (toSun - body) * -0.9 + (1 - cover) * 0.35);
  const lit = plus(linear('#ffcfa0'), scale(linear('#ff9a50'), facing ** 5));
  const colour = mix(scale(linear('#8a86a8'), 0.85), scale(lit, 1.15), shade);
  const wisps = smoothstep(0.1, 0.7, fbm(x * 0.3 - 4, z * 1.1 + drift, 5)) * 0.45 * clamp(lift);
  return mix(mix(behind, linear('#ffe0c4'), wisps), colour, cover * 0.88);
}

function shadeWater(eye: Vec, direction: Vec, t: number, random: Random): Rgb {
  const point = add(eye, direction, t);
  const normal = rippleNormal(point[0], point[2], t);
  const mirrored = reflect(direction, normal);
  const bounced: Vec = unit([mirrored[0], Math.max(0.012, mirrored[1]), mirrored[2]]);
  const hit = march(point, bounced, 45, random.next());
  const seen = hit < Infinity ? shadeLand(point, bounced, hit) : skyColour(bounced);
  const fresnel = 0.06 + 0.94 * (1 - Math.max(0, -dot(direction, normal))) ** 4;
  const stones = 0.6 + 0.8 * smoothstep(-0.2, 0.5, fbm(point[0] * 5, point[2] * 5, 3));
  const bed = scale(linear('#2f4a4a'), 0.35 * stones);
  return haze(mix(bed, seen, clamp(fresnel + 0.1)), direction, t * 0.7, 0);
}

/** Calm water with drifting patches of breeze, smoothed out in the distance. */
function rippleNormal(x: number, z: number, t: number): Vec {
  const breeze = 0.25 + 0.75 * smoothstep(-0.1, 0.5, fbm(x * 0.22 + 9, z * 0.5, 3));
  const size = (0.026 * breeze) / (1 + t * 0.16);
  const wave = (px: number, pz: number): number =>
    noise(px * 2.2, pz * 6) + 0.5 * noise(px * 6 + 4, pz * 15) + 0.25 * noise(px * 16, pz * 34);
  const here = wave(x, z);
  return unit([(here - wave(x + 0.03, z)) * size * 6, 1, (here - wave(x, z + 0.03)) * size * 6]);
}
