// Content: a still life by a window, path traced with soft shadows and a shallow depth of field.
import type { Rgb } from '../lib/colour.ts';
import { BLACK, linear, mix, plus, scale, times } from '../lib/colour.ts';
import { develop, expose } from '../lib/film.ts';
import { fbm, noise, smoothstep } from '../lib/noise.ts';
import type { Random } from '../lib/random.ts';
import type { Vec } from '../lib/vector.ts';
import { add, dot, length, lookAt, rayThrough, reflect, scatter, unit } from '../lib/vector.ts';
import type { Picture } from '../picture.ts';
import type { Surface } from './fruit.ts';
import { blocked, hitObjects } from './fruit.ts';

const EYE: Vec = [0.15, 1.75, -5.6];
const FOCUS: Vec = [-0.05, 0.62, 0];
const CAMERA = lookAt(EYE, FOCUS);
const LENS = 0.075;
const WALL = 3.1;
const DEPTH = 1;

/** The window: a rectangle to the upper left whose light is soft but has a direction. */
const WINDOW = { corner: [-4.2, 1.5, -2.6] as Vec, wide: 2.6, tall: 2.4 };
const WINDOW_LIGHT: Rgb = scale(linear('#ffe9cc'), 15);
const ROOM: Rgb = scale(linear('#a8b6cc'), 0.17);

export const stillLife: Picture = {
  id: 'still-life',
  kind: 'content',
  width: 720,
  height: 720,
  paint: (size) =>
    develop(expose(size, 5, photograph), {
      exposure: 3.2,
      bloom: 0.15,
      vignette: 0.45,
      grain: 0.008,
      saturation: 1.15,
    }),
};

function photograph(u: number, v: number, random: Random): Rgb {
  const pinhole = rayThrough(CAMERA, u * 0.64, v * 0.64);
  const distance = -EYE[2] / pinhole[2];
  const angle = random.next() * 2 * Math.PI;
  const radius = LENS * Math.sqrt(random.next());
  const shift = add(
    add(EYE, CAMERA.right, Math.cos(angle) * radius),
    CAMERA.up,
    Math.sin(angle) * radius,
  );
  return trace(shift, unit(add(add(EYE, pinhole, distance), shift, -1)), random, DEPTH);
}

function trace(eye: Vec, direction: Vec, random: Random, bounces: number): Rgb {
  const surface = nearest(eye, direction);
  if (!surface) return ROOM;
  const { point, normal, gloss } = surface;
  const start = add(point, normal, 2e-3);
  // Only what the camera sees directly shines: mirrored light deeper down would leave bright specks.
  const polish = bounces === DEPTH ? gloss : 0;
  const fresnel = polish * (0.045 + 0.955 * (1 - Math.max(0, -dot(direction, normal))) ** 5);
  const shine = fresnel > 0.004 ? reflection(start, direction, surface, random) : BLACK;
  let light = windowLight(start, normal, random);
  if (bounces > 0) {
    const onward = scatter(normal, random.next(), random.next());
    light = plus(light, trace(start, onward, random, bounces - 1));
  } else {
    light = plus(light, ROOM);
  }
  return plus(times(scale(surface.colour, 1 - fresnel), light), scale(shine, fresnel));
}

/** What a varnished surface mirrors: the window, and dimly the nearest thing. */
function reflection(start: Vec, direction: Vec, surface: Surface, random: Random): Rgb {
  const rough = 1 - surface.gloss * 0.5;
  const wobble = add(
    surface.normal,
    [random.spread(), random.spread(), random.spread()],
    0.07 * rough,
  );
  const onward = reflect(direction, unit(wobble));
  const blocker = nearest(start, onward);
  if (windowHit(start, onward)) return blocker?.object ? BLACK : scale(WINDOW_LIGHT, 0.8);
  return blocker ? scale(blocker.colour, 0.3) : ROOM;
}

function windowHit(from: Vec, direction: Vec): boolean {
  if (direction[0] >= -1e-4) return false;
  const t = (WINDOW.corner[0] - from[0]) / direction[0];
  const y = from[1] + direction[1] * t - WINDOW.corner[1];
  const z = from[2] + direction[2] * t - WINDOW.corner[2];
  const bar = Math.abs(z - WINDOW.wide / 2) < 0.09 || Math.abs(y - WINDOW.tall * 0.6) < 0.07;
  return y > 0 && y < WINDOW.tall && z > 0 && z < WINDOW.wide && !bar;
}

function windowLight(point: Vec, normal: Vec, random: Random): Rgb {
  const { corner, wide, tall } = WINDOW;
  const target: Vec = [
    corner[0],
    corner[1] + random.next() * tall,
    corner[2] + random.next() * wide,
  ];
  const towards = add(target, point, -1);
  const distance = length(...towards);
  const direction = unit(towards);
  const facing = dot(direction, normal);
  if (facing <= 0 || direction[0] >= 0 || blocked(point, direction, distance)) return BLACK;
  const area = (wide * tall * -direction[0]) / (distance * distance * Math.PI);
  return scale(WINDOW_LIGHT, facing * Math.min(area, 1));
}

function nearest(eye: Vec, direction: Vec): Surface | undefined {
  const table = direction[1] < 0 ? -eye[1] / direction[1] : Infinity;
  const wall = direction[2] > 0 ? (WALL - eye[2]) / direction[2] : Infinity;
  const flat = Math.min(table, wall);
  const object = hitObjects(eye, direction, flat);
  if (object) return object;
  if (flat > 40) return undefined;
  const point = add(eye, direction, flat);
  return table < wall ? tableSurface(point) : wallSurface(point);
}

/** Old oak boards running away from the camera, half covered by a checked cloth. */
function tableSurface(point: Vec): Surface {
  const [x, , z] = point;
  const edge = x + 0.5 * z - 0.2 + 0.05 * noise(z * 2.3, 4);
  if (edge > 0 && z < 1.1 + 0.04 * noise(x * 5, 1)) return clothSurface(point, edge);
  const board = Math.floor(z / 0.62 + 20);
  const across = z / 0.62 + 20 - board;
  const warped = x * 0.7 + board * 7.3 + 0.2 * noise(x * 1.5, z * 3);
  const rings = noise(warped * 0.6, z * 9 + 1.6 * noise(x * 0.8 + board, z * 2));
  const fibre = noise(x * 5 + board * 3, z * 130);
  const tone = 0.5 + 0.45 * rings + 0.16 * fibre + 0.25 * noise(board * 5.7, 0.5);
  const wood = mix(linear('#4a2a16'), linear('#a5713f'), smoothstep(-0.1, 1.1, tone));
  const gap = smoothstep(0.0, 0.018, Math.min(across, 1 - across));
  const dent = 0.03 * fibre + 0.02 * noise(x * 14, z * 14);
  const normal = unit([dent * 0.3, 1, dent]);
  return { point, normal, colour: scale(wood, 0.12 + 0.88 * gap), gloss: 0.35, object: false };
}

function clothSurface(point: Vec, edge: number): Surface {
  const [x, , z] = point;
  const u = x * 0.93 + z * 0.36;
  const v = z * 0.93 - x * 0.36;
  const stripe = (t: number): number => ((((t * 2.6) % 1) + 1) % 1 < 0.46 ? 1 : 0);
  const checks = (stripe(u) + stripe(v)) / 2;
  const weave = 0.93 + 0.07 * Math.sin(u * 210) * Math.sin(v * 210) + 0.05 * noise(u * 60, v * 60);
  const dye = mix(linear('#e9dfc9'), linear('#2f5577'), checks * 0.92);
  const fold = (a: number, b: number): number => fbm(a * 1.7 + b * 0.9, b * 1.1 - 3, 3) * 0.16;
  const slopeX = (fold(x + 0.01, z) - fold(x, z)) / 0.01;
  const slopeZ = (fold(x, z + 0.01) - fold(x, z)) / 0.01;
  const hem = smoothstep(0, 0.025, edge);
  const normal = unit([-slopeX - (1 - hem) * 0.8, 1, -slopeZ]);
  return { point, normal, colour: scale(dye, weave * (0.8 + 0.2 * hem)), gloss: 0, object: false };
}

function wallSurface(point: Vec): Surface {
  const [x, y] = point;
  const plaster = fbm(x * 0.9 + 4, y * 0.9, 6, 0.6);
  const colour = mix(linear('#4d5a52'), linear('#8a8a6c'), smoothstep(-0.6, 0.6, plaster));
  const bump = 0.25 * noise(x * 5, y * 5);
  return { point, normal: unit([bump, bump * 0.6, -1]), colour, gloss: 0, object: false };
}
