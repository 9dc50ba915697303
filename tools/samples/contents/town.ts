// Content: a harbour town climbing a hillside, ray traced from blocks and gables over water.
import type { Rgb } from '../lib/colour.ts';
import { linear, mix, plus, ramp, scale, times } from '../lib/colour.ts';
import { develop, expose } from '../lib/film.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import type { Random } from '../lib/random.ts';
import type { Vec } from '../lib/vector.ts';
import { add, dot, lookAt, rayThrough, reflect, scatter, unit } from '../lib/vector.ts';
import type { Picture } from '../picture.ts';
import { facade } from './facade.ts';
import type { Hit } from './houses.ts';
import { hitSolids, solidBlocks } from './houses.ts';

const SUN = unit([0.74, 0.52, -0.5]);
const SUNLIGHT: Rgb = scale(linear('#ffd29a'), 3.9);
const SKYLIGHT: Rgb = scale(linear('#8fb2ee'), 0.5);
const EYE: Vec = [-6.2, 2.3, -10.2];
const CAMERA = lookAt(EYE, [0.35, 3.2, 4]);

export const town: Picture = {
  id: 'town',
  kind: 'content',
  width: 576,
  height: 768,
  paint: (size) =>
    develop(
      expose(size, 3, (u, v, random) =>
        look(EYE, rayThrough(CAMERA, u * 0.74, v * 0.74), random, true),
      ),
      { exposure: 0.9, bloom: 0.12, vignette: 0.35, grain: 0.012, saturation: 1.16 },
    ),
};

function look(eye: Vec, direction: Vec, random: Random, mirrored: boolean): Rgb {
  const solid = hitSolids(eye, direction);
  const water = direction[1] < 0 ? -eye[1] / direction[1] : Infinity;
  const limit = Math.min(solid?.t ?? Infinity, water);
  const hill = marchHill(eye, direction, Math.min(limit, 60));
  if (hill < limit) return shadeHill(add(eye, direction, hill), hill, random);
  if (solid && solid.t < water) return shadeSolid(solid, direction, random);
  if (water < 90 && mirrored) return shadeWater(eye, direction, water, random);
  return sky(direction);
}

/** The slope behind the houses, thick with round bushes and trees. */
function hillAt(x: number, z: number): number {
  if (z < 0.9) return -1;
  const rise = 0.74 * (z - 1) - 0.012 * z * z;
  const shoulder = 1.25 - 0.011 * (x - 1.5) ** 2 + 0.35 * noise(x * 0.22, z * 0.2);
  return Math.min(rise, 7.2 + noise(x * 0.3, 3)) * shoulder - 0.35 + bushes(x, z);
}

function bushes(x: number, z: number): number {
  const big = Math.abs(noise(x * 1.1, z * 1.1));
  const small = Math.abs(noise(x * 3.7, z * 3.7));
  return (
    0.5 * (1 - (1 - big) ** 2) +
    0.16 * small +
    0.07 * noise(x * 11, z * 11) +
    0.035 * noise(x * 27, z * 27)
  );
}

function marchHill(eye: Vec, direction: Vec, limit: number): number {
  if (direction[2] <= 0) return Infinity;
  let t = Math.max(0.02, (0.9 - eye[2]) / direction[2]);
  while (t < limit) {
    const y = eye[1] + direction[1] * t;
    if (y > 12) return Infinity;
    const gap = y - hillAt(eye[0] + direction[0] * t, eye[2] + direction[2] * t);
    if (gap < 0.004) return t;
    t += Math.max(0.012, gap * 0.4);
  }
  return Infinity;
}

function hillBlocks(point: Vec, direction: Vec, reach: number): boolean {
  for (let t = 0.06; t < reach; t += 0.05 + t * 0.12) {
    const [x, y, z] = add(point, direction, t);
    if (y < hillAt(x, z)) return true;
  }
  return false;
}

/** Sunlight with its shadow, plus skylight from one random direction: averaging makes it soft. */
function lightAt(point: Vec, normal: Vec, random: Random, hillShadows: boolean): Rgb {
  const start = add(point, normal, 0.004);
  const facing = dot(normal, SUN);
  const soft = unit(add(SUN, [random.spread(), random.spread(), random.spread()], 0.012));
  const shaded =
    facing <= 0 || solidBlocks(start, soft, 14) || (hillShadows && hillBlocks(start, soft, 3));
  const sun = shaded ? 0 : facing;
  const around = scatter(normal, random.next(), random.next());
  const closed = solidBlocks(start, around, 2.6);
  const open = closed ? 0.16 : 0.35 + 0.65 * clamp(around[1] + 0.6);
  const bounce = scale(linear('#ffc690'), (closed ? 0.26 : 0.1) * clamp(1 - normal[1]));
  return plus(plus(scale(SUNLIGHT, sun), scale(SKYLIGHT, open)), bounce);
}

function shadeSolid({ point, normal, solid, t }: Hit, direction: Vec, random: Random): Rgb {
  const face = facade(point, normal, solid);
  const light = lightAt(point, face.normal, random, false);
  const lit = times(face.colour, light);
  const glow = plus(lit, face.glow);
  if (face.glass === 0) return air(glow, t);
  const mirror = scale(sky(reflect(direction, normal)), 0.5);
  return air(mix(glow, mirror, face.glass), t);
}

function shadeHill(point: Vec, t: number, random: Random): Rgb {
  const [x, , z] = point;
  const e = 0.02;
  const normal = unit([
    hillAt(x - e, z) - hillAt(x + e, z),
    2 * e,
    hillAt(x, z - e) - hillAt(x, z + e),
  ]);
  const kind = 0.5 + 0.5 * fbm(x * 0.8, z * 0.8, 3) + 0.25 * noise(x * 22, z * 22);
  const leaf = ramp([linear('#23401f'), linear('#4c6a2c'), linear('#8b8f3c')], kind);
  const hollow = smoothstep(0.02, 0.4, bushes(x, z));
  const light = lightAt(point, normal, random, true);
  return air(times(scale(leaf, 0.45 + 0.65 * hollow), light), t);
}

function air(colour: Rgb, t: number): Rgb {
  return mix(colour, linear('#b9cbe2'), 1 - Math.exp(-t * 0.005));
}

function sky(direction: Vec): Rgb {
  const up = clamp(direction[1]);
  const clear = ramp(
    [linear('#d6e4ee'), linear('#8fbbe6'), linear('#4a8ad0'), linear('#2f6cb8')],
    up * 1.4,
  );
  const x = direction[0] / (up + 0.16);
  const z = direction[2] / (up + 0.16);
  const billow = fbm(x * 0.75 + 1.2, z * 0.9 + 4.4 + 0.5 * fbm(x * 0.8, z * 0.8, 3), 6, 0.55);
  const cover = smoothstep(0.0, 0.5, billow) * smoothstep(0.02, 0.2, up);
  const thick = fbm(x * 0.75 + 1.05, z * 0.9 + 4.3, 4);
  const cloud = mix(linear('#fff8ee'), linear('#b9c3d4'), clamp(0.35 + thick));
  return mix(clear, scale(cloud, 1.15), cover * 0.92);
}

function shadeWater(eye: Vec, direction: Vec, t: number, random: Random): Rgb {
  const point = add(eye, direction, t);
  const [x, , z] = point;
  const wave = (px: number, pz: number): number =>
    fbm(px * 1.1, pz * 2.4, 3) + 0.35 * noise(px * 6, pz * 9);
  const here = wave(x, z);
  const size = 0.5;
  const normal = unit([(here - wave(x + 0.02, z)) * size, 1, (here - wave(x, z + 0.02)) * size]);
  const bounced = reflect(direction, normal);
  const onward = unit([bounced[0], Math.max(0.02, bounced[1]), bounced[2]]);
  const fresnel = 0.05 + 0.95 * (1 - Math.max(0, -dot(direction, normal))) ** 4;
  const seen = look(add(point, [0, 1, 0], 0.003), onward, random, false);
  const depth = mix(linear('#0f4a55'), linear('#1f7f7c'), clamp(0.5 + here * 0.5));
  return mix(scale(depth, 0.8), seen, clamp(fresnel * 1.2 + 0.12));
}
