// The surfaces of the harbour town: plaster with windows and shutters, tiles, stone.
import type { Rgb } from '../lib/colour.ts';
import { BLACK, linear, mix, scale } from '../lib/colour.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import { hash } from '../lib/random.ts';
import type { Vec } from '../lib/vector.ts';
import { unit } from '../lib/vector.ts';
import type { Solid } from './houses.ts';

export interface Face {
  colour: Rgb;
  normal: Vec;
  /** How much of the sky the surface mirrors, and light of its own. */
  glass: number;
  glow: Rgb;
}

const FLOOR = 0.46;
const SHUTTERS = ['#2f5d46', '#3d6f78', '#6b3a2a', '#4a6a3c', '#31506e'];

export function facade(point: Vec, normal: Vec, solid: Solid): Face {
  if (solid.material === 'wall' && normal[1] < 0.5) return wall(point, normal, solid);
  if (solid.material === 'roof' && normal[1] > 0.1) return tiles(point, normal, solid);
  if (solid.material === 'roof') {
    return matt(stucco(point, point[0] + point[2], { ...solid, colour: solid.gable }), normal);
  }
  if (solid.material === 'stone') return masonry(point, normal, solid.colour);
  return matt(solid.colour, normal);
}

function matt(colour: Rgb, normal: Vec): Face {
  return { colour, normal, glass: 0, glow: BLACK };
}

function wall(point: Vec, normal: Vec, solid: Solid): Face {
  const { middle, half, base, eaves, seed } = solid;
  const side = Math.abs(normal[0]) > 0.5;
  const along = side ? point[2] - middle[2] : point[0] - middle[0];
  const width = side ? half[2] * 2 : half[0] * 2;
  const columns = Math.max(1, Math.round(width / 0.42));
  const column = Math.floor((along / width + 0.5) * columns);
  const u = along - ((column + 0.5) / columns - 0.5) * width;
  const floors = Math.max(1, Math.floor((eaves - base) / FLOOR));
  const storey = Math.min(floors - 1, Math.floor((eaves - point[1]) / FLOOR));
  const v = point[1] - (eaves - (storey + 0.52) * FLOOR);
  const key = seed * 13 + (side ? 5 : 0);
  const plaster = stucco(point, along, solid);
  if (hash(column, storey, key) < 0.12) return matt(plaster, normal);
  if (storey === floors - 1 && !side && hash(column, 1, key) < 0.55) {
    return door(u, point[1] - base, plaster, normal, key + column);
  }
  return windowOn(u, v, plaster, normal, hash(column, storey, key + 1), seed);
}

/** Painted plaster: faded towards the top, stained under the eaves, grimy at the foot. */
function stucco(point: Vec, along: number, { colour, base, eaves }: Solid): Rgb {
  const patches = fbm(along * 2 + point[2] * 3, point[1] * 2.2, 5);
  const streaks = noise(along * 16, point[1] * 1.5) * smoothstep(0.6, 0, eaves - point[1]);
  const foot = smoothstep(0.28, 0, point[1] - base);
  const worn = clamp(0.12 + 0.5 * patches);
  const faded = mix(colour, linear('#e6d8bf'), worn);
  return scale(
    faded,
    clamp(
      0.95 -
        0.22 * foot -
        0.3 * clamp(streaks) +
        0.16 * patches +
        0.06 * noise(along * 40, point[1] * 40),
      0.3,
      1.1,
    ),
  );
}

function windowOn(
  u: number,
  v: number,
  plaster: Rgb,
  normal: Vec,
  key: number,
  seed: number,
): Face {
  const [halfWide, halfTall] = [0.062, 0.115];
  const du = Math.abs(u);
  const dv = Math.abs(v);
  const shutter = linear(SHUTTERS[Math.floor(hash(seed, 3) * SHUTTERS.length)]!);
  const slats = 0.72 + 0.28 * Math.sin(v * 260);
  const open = key > 0.25;
  if (dv < halfTall && open && du > halfWide && du < halfWide * 2.05)
    return matt(scale(shutter, slats), normal);
  if (v < -halfTall && v > -halfTall - 0.022 && du < halfWide * 1.35)
    return matt(linear('#d8cdb8'), normal);
  if (du > halfWide || dv > halfTall) {
    const surround = du < halfWide + 0.014 && dv < halfTall + 0.016;
    return matt(surround ? mix(plaster, linear('#f2ead8'), 0.75) : plaster, normal);
  }
  if (!open) return matt(scale(shutter, slats * (du < 0.004 ? 0.4 : 1)), normal);
  if (du < 0.007 || Math.abs(v - 0.03) < 0.006 || du > halfWide - 0.009)
    return matt(linear('#e9e2d2'), normal);
  const reveal =
    smoothstep(halfTall, halfTall - 0.035, v) * smoothstep(-halfWide, -halfWide + 0.02, u);
  const warm = key > 0.86 ? scale(linear('#ffb65c'), 0.55) : BLACK;
  const curtain = hash(seed, Math.round(key * 999)) > 0.5 && du > 0.035 ? '#9a938a' : '#1a1f26';
  return {
    colour: scale(linear(curtain), 0.3 + 0.7 * reveal),
    normal,
    glass: 0.3 * reveal,
    glow: warm,
  };
}

/** A doorway or shop front at street level: an arch of dark wood or glass under a striped awning. */
function door(u: number, height: number, plaster: Rgb, normal: Vec, key: number): Face {
  const arch = Math.hypot(Math.max(0, height - 0.24) * 1.1, u);
  const inside = height < 0.24 ? Math.abs(u) < 0.11 : arch < 0.11;
  const awning = height > 0.33 && height < 0.42 && Math.abs(u) < 0.19 && hash(key, 4) > 0.4;
  if (awning) {
    const dye = linear(hash(key, 5) > 0.5 ? '#b8392f' : '#2f6a7a');
    return matt(Math.sin(u * 95) > 0 ? dye : linear('#f1e8d6'), unit([normal[0], 0.8, normal[2]]));
  }
  if (!inside) return matt(arch < 0.135 ? linear('#cfc2aa') : plaster, normal);
  const wood = mix(linear('#3a2416'), linear('#2a4a48'), hash(key, 6));
  const boards = 0.7 + 0.3 * Math.abs(Math.sin(u * 80));
  return matt(scale(wood, boards * (height > 0.22 ? 0.6 : 1)), normal);
}

/** Rows of half-round clay tiles running down the slope, each tile fired a little differently. */
function tiles(point: Vec, normal: Vec, { colour, seed }: Solid): Face {
  const alongX = Math.abs(normal[2]) > Math.abs(normal[0]);
  const across = (alongX ? point[0] : point[2]) * 15;
  const down = point[1] * 17;
  const fired = hash(Math.floor(across), Math.floor(down), seed);
  const round = Math.sin((across - Math.floor(across)) * Math.PI);
  const lap = down - Math.floor(down);
  const aged = 0.5 + 0.5 * fbm(point[0] * 2, point[2] * 2 + point[1], 3);
  const clay = mix(scale(colour, 0.7 + 0.6 * fired), linear('#8a7a5c'), aged * 0.35);
  const lean = Math.cos((across - Math.floor(across)) * Math.PI) * 0.45;
  const bumped = alongX
    ? unit([normal[0] - lean, normal[1], normal[2]])
    : unit([normal[0], normal[1], normal[2] - lean]);
  return matt(scale(clay, (0.5 + 0.5 * round) * (0.7 + 0.3 * lap)), bumped);
}

function masonry(point: Vec, normal: Vec, colour: Rgb): Face {
  const [u, v] =
    normal[1] > 0.5 ? [point[0] * 2, point[2] * 4] : [(point[0] + point[2]) * 2.6, point[1] * 9];
  const course = Math.floor(v);
  const shifted = u + (course % 2) * 0.5;
  const joint = Math.min(shifted - Math.floor(shifted), (v - course) * 0.6);
  const stone =
    0.72 +
    0.4 * hash(Math.floor(shifted), course, 9) +
    0.2 * fbm(point[0] * 6, point[1] * 6 + point[2] * 6, 3);
  const damp = smoothstep(0.16, 0.02, point[1]);
  const block = scale(colour, stone * (joint < 0.05 ? 0.55 : 1));
  return matt(mix(block, linear('#2c3226'), damp * 0.75), normal);
}
