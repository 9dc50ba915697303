// The land of the mountain lake: a height map computed once, and conifers standing on it.
import { clamp, fbm, noise, ridged, smoothstep } from '../lib/noise.ts';
import { hash } from '../lib/random.ts';
import { length } from '../lib/vector.ts';

export const FAR = 78;
const LEFT = -48;
const NEAR = -3;
const STEP = 0.07;
const COLUMNS = Math.ceil((-LEFT * 2) / STEP);
const ROWS = Math.ceil((FAR - NEAR) / STEP);
const TREE_SPACING = 0.3;

/** Boulders in the shallows: position, radius and height. */
const BOULDERS = [
  [0.95, 1.7, 0.42, 0.2],
  [1.5, 2.35, 0.55, 0.34],
  [0.35, 2.5, 0.24, 0.1],
  [1.95, 1.55, 0.5, 0.26],
  [-0.75, 1.5, 0.2, 0.07],
  [1.15, 3.3, 0.3, 0.14],
  [2.6, 3.4, 0.7, 0.4],
] as const;

let map: Float32Array | undefined;

function heights(): Float32Array {
  if (map) return map;
  map = new Float32Array(COLUMNS * ROWS);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      map[row * COLUMNS + column] = shape(LEFT + column * STEP, NEAR + row * STEP);
    }
  }
  return map;
}

/** A basin for the water, gentle shores, then mountains that grow with distance from it. */
function shape(x: number, z: number): number {
  const bend = x - 1.2 * Math.sin(z * 0.22 + 0.4);
  const wide = 3.6 + 2.2 * smoothstep(2, 9, z);
  const outline = Math.hypot(bend / wide, (z - 5) / 11.5) + 0.16 * fbm(x * 0.35, z * 0.35, 4);
  const rise = outline - 1;
  if (rise < -0.04) return rise;
  const foot =
    0.5 * clamp(rise + 0.02, -0.05, 1.2) + 0.05 * fbm(x * 2.4, z * 2.4, 4) * clamp(rise * 8);
  const grow = smoothstep(0.25, 3.2, rise);
  const crest = ridged(x * 0.085 + 2.3, z * 0.085 + 0.6, 8);
  const massif = 0.6 + 0.7 * noise(x * 0.03 + 5.2, z * 0.03 + 1.4);
  return foot + grow * (crest ** 1.35 * 14.5 * massif + 0.4);
}

/** Height of bare ground, bilinear in the map. */
export function groundAt(x: number, z: number): number {
  const column = clamp((x - LEFT) / STEP, 0, COLUMNS - 2);
  const row = clamp((z - NEAR) / STEP, 0, ROWS - 2);
  const c = Math.floor(column);
  const r = Math.floor(row);
  const u = column - c;
  const at = r * COLUMNS + c;
  const land = heights();
  const near = land[at]! + (land[at + 1]! - land[at]!) * u;
  const far = land[at + COLUMNS]! + (land[at + COLUMNS + 1]! - land[at + COLUMNS]!) * u;
  return near + (far - near) * (row - r);
}

/** Height of ground and trees together; far above the ground the trees are not worth computing. */
export function surfaceAt(x: number, z: number, y: number): number {
  const ground = Math.max(groundAt(x, z), z < 4.2 && y < 0.6 ? boulderAt(x, z) : -1);
  if (y > ground + 1 || ground < -0.02 || ground > 3.2) return ground;
  return Math.max(ground, treeTop(x, z, ground));
}

function boulderAt(x: number, z: number): number {
  let top = -1;
  for (const [bx, bz, radius, tall] of BOULDERS) {
    const away = length(x - bx, (z - bz) * 1.2) / radius;
    if (away > 1.3) continue;
    const worn = 0.5 * fbm(x * 3.5 + bx, z * 3.5, 5, 0.6);
    top = Math.max(top, tall * (1 - away ** 2.6 + worn));
  }
  return top;
}

export function isTree(x: number, z: number, y: number): boolean {
  const ground = groundAt(x, z);
  return (
    ground > -0.02 && ground < 3.2 && treeTop(x, z, ground) > Math.max(ground + 0.015, y - 0.1)
  );
}

function treeTop(x: number, z: number, ground: number): number {
  const ix = Math.floor(x / TREE_SPACING);
  const iz = Math.floor(z / TREE_SPACING);
  let top = -1;
  for (let cz = iz - 1; cz <= iz + 1; cz++) {
    for (let cx = ix - 1; cx <= ix + 1; cx++) top = Math.max(top, conifer(x, z, cx, cz));
  }
  return ground + top;
}

/** One tree's height over a point: a cone with ragged tiers of branches. */
function conifer(x: number, z: number, cx: number, cz: number): number {
  const trunkX = (cx + 0.15 + 0.7 * hash(cx, cz, 1)) * TREE_SPACING;
  const trunkZ = (cz + 0.15 + 0.7 * hash(cx, cz, 2)) * TREE_SPACING;
  const dx = x - trunkX;
  const dz = z - trunkZ;
  const away = length(dx, dz);
  const tall = 0.34 + 0.5 * hash(cx, cz, 3) ** 1.5;
  const radius = 0.135 * tall + 0.045;
  if (away > radius * 1.2) return -1;
  const grove = noise(trunkX * 0.5 + 7, trunkZ * 0.5) + 0.55 * noise(trunkX * 1.7, trunkZ * 1.7);
  const ground = groundAt(trunkX, trunkZ);
  if (ground < 0.05 || grove + 0.25 < hash(cx, cz, 4) * 0.7 + smoothstep(1.6, 3, ground)) return -1;
  const angle = Math.atan2(dz, dx);
  const ragged =
    1 + 0.26 * Math.sin(angle * 7 + cx + away * 30) + 0.24 * noise(angle * 4, away * 28 + cx);
  return tall * (1 - away / (radius * ragged));
}
