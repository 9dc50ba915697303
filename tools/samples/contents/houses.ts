// The blocks of the harbour town: convex solids cut by planes, found by ray in a plain list.
import type { Rgb } from '../lib/colour.ts';
import { linear } from '../lib/colour.ts';
import { Random } from '../lib/random.ts';
import type { Vec } from '../lib/vector.ts';
import { add, unit } from '../lib/vector.ts';

export type Material = 'wall' | 'roof' | 'stone' | 'plain';

interface Plane {
  normal: Vec;
  offset: number;
}

export interface Solid {
  material: Material;
  colour: Rgb;
  /** The colour of the upright faces of a roof. */
  gable: Rgb;
  seed: number;
  /** Bottom and top of the walls and the half extents, for laying out windows. */
  base: number;
  eaves: number;
  middle: Vec;
  half: Vec;
  planes: readonly Plane[];
  bound: number;
}

export interface Hit {
  t: number;
  point: Vec;
  normal: Vec;
  solid: Solid;
}

const PAINTS = [
  '#e2a63c',
  '#cf6a38',
  '#e3cb9a',
  '#b8503e',
  '#efe3cc',
  '#d39a86',
  '#8fb0b4',
  '#dc9a5c',
  '#c4b878',
  '#f0dcb8',
  '#d8c8b0',
  '#a9bfa8',
];
const SOLIDS: readonly Solid[] = buildTown();

function box(middle: Vec, half: Vec, material: Material, colour: Rgb, seed: number): Solid {
  const planes = [0, 1, 2].flatMap((axis) =>
    [1, -1].map((side): Plane => {
      const normal: Vec = [axis === 0 ? side : 0, axis === 1 ? side : 0, axis === 2 ? side : 0];
      return { normal, offset: side * middle[axis]! + half[axis]! };
    }),
  );
  const [base, eaves] = [middle[1] - half[1], middle[1] + half[1]];
  return {
    material,
    colour,
    gable: colour,
    seed,
    base,
    eaves,
    middle,
    half,
    planes,
    bound: Math.hypot(...half),
  };
}

/** A box whose sides are cut by slanting planes through the given points. */
function carve(solid: Solid, cuts: readonly { normal: Vec; through: Vec }[]): Solid {
  const planes = cuts.map(({ normal, through }): Plane => {
    const n = unit(normal);
    const point = add(solid.middle, through);
    return { normal: n, offset: n[0] * point[0] + n[1] * point[1] + n[2] * point[2] };
  });
  return { ...solid, planes: [...solid.planes, ...planes] };
}

function gable(middle: Vec, half: Vec, alongX: boolean, walls: Solid, tiles: Rgb): Solid {
  const [run, rise] = [alongX ? half[2] : half[0], half[1] * 2];
  const slope = (side: number): Vec => (alongX ? [0, run, side * rise] : [side * rise, run, 0]);
  return carve({ ...box(middle, half, 'roof', tiles, walls.seed), gable: walls.colour }, [
    { normal: slope(1), through: [0, half[1], 0] },
    { normal: slope(-1), through: [0, half[1], 0] },
  ]);
}

function house(x: number, y: number, z: number, wide: number, tall: number, seed: number): Solid[] {
  const random = new Random(seed * 77 + 5);
  const deep = random.range(0.55, 0.75);
  const walls = box(
    [x, y + tall / 2, z],
    [wide / 2, tall / 2, deep],
    'wall',
    linear(random.pick(PAINTS)),
    seed,
  );
  const tiles = linear(random.pick(['#a8583c', '#94492f', '#b0714c', '#8a5540']));
  const alongX = random.chance(0.6);
  const rise = (alongX ? 0.2 : 0.26) * random.range(0.8, 1.2);
  const roof = gable(
    [x, y + tall + rise, z],
    [wide / 2 + 0.05, rise, deep + 0.07],
    alongX,
    walls,
    tiles,
  );
  const parts = [walls, roof];
  if (random.chance(0.7)) {
    const at: Vec = [
      x + random.spread() * wide * 0.25,
      y + tall + rise * 1.5,
      z + random.spread() * 0.2,
    ];
    parts.push(box(at, [0.07, rise * 0.9 + 0.1, 0.06], 'plain', linear('#b98d70'), seed));
  }
  return parts;
}

/** Rows of houses shoulder to shoulder, each row higher up the slope and a little narrower. */
function rows(): Solid[] {
  const random = new Random(11);
  const solids: Solid[] = [];
  for (let row = 0; row < 7; row++) {
    const z = 1.35 + row * 1.45;
    const reach = 6.4 - row * 0.35;
    let x = -reach + random.range(-0.6, 0.2) + row * 0.25;
    while (x < reach + 0.6) {
      const wide = random.range(0.75, 1.3);
      const tall = random.range(1.25, 2.25) - row * 0.06;
      const gap = random.chance(row === 0 ? 0.05 : 0.22) ? random.range(0.3, 0.9) : 0;
      const y =
        0.3 + row * 0.82 - 0.025 * (x - 1) ** 2 * Math.min(1, row * 0.3) + random.range(-0.1, 0.12);
      solids.push(
        ...house(
          x + wide / 2,
          y - 0.35 * Math.min(row, 1),
          z + random.range(-0.18, 0.18),
          wide,
          tall + 0.3 * Math.min(row, 1),
          row * 50 + solids.length,
        ),
      );
      x += wide + gap;
    }
  }
  return solids;
}

function churchTower(): Solid[] {
  const cream = linear('#eadcbc');
  const cap = box([1.9, 8.15, 8.6], [0.46, 0.6, 0.46], 'roof', linear('#7d8f86'), 3);
  return [
    box([1.9, 5.2, 8.6], [0.42, 2.3, 0.42], 'wall', cream, 901),
    box([1.9, 7.53, 8.6], [0.5, 0.06, 0.5], 'plain', cream, 902),
    carve(cap, [
      { normal: [1.3, 0.5, 0], through: [0, 0.6, 0] },
      { normal: [-1.3, 0.5, 0], through: [0, 0.6, 0] },
      { normal: [0, 0.5, 1.3], through: [0, 0.6, 0] },
      { normal: [0, 0.5, -1.3], through: [0, 0.6, 0] },
    ]),
  ];
}

function boat(x: number, z: number, long: number, colour: string, sail: boolean): Solid[] {
  const hull = carve(box([x, 0.1, z], [long, 0.16, 0.24], 'plain', linear(colour), 7), [
    { normal: [1, -1.1, 0.9], through: [long, 0.1, 0.02] },
    { normal: [1, -1.1, -0.9], through: [long, 0.1, -0.02] },
    { normal: [-1, -0.5, 0], through: [-long, 0.16, 0] },
    { normal: [0, -0.6, 1], through: [0, 0.16, 0.24] },
    { normal: [0, -0.6, -1], through: [0, 0.16, -0.24] },
  ]);
  const rim = box([x - 0.06, 0.265, z], [long * 0.8, 0.014, 0.2], 'plain', linear('#f3ead8'), 8);
  const cabin = box(
    [x - long * 0.3, 0.36, z],
    [long * 0.28, 0.11, 0.13],
    'plain',
    linear('#f6f1e6'),
    9,
  );
  const mast = box([x + long * 0.1, 0.95, z], [0.014, 0.75, 0.014], 'plain', linear('#d8c8a8'), 9);
  return sail ? [hull, rim, cabin, mast] : [hull, rim];
}

function buildTown(): Solid[] {
  const quay = box([0, 0.02, 1.2], [14, 0.3, 1.3], 'stone', linear('#a39886'), 1);
  const jetty = box([-3.5, 0.02, -1.1], [0.42, 0.17, 1.3], 'stone', linear('#9d927f'), 2);
  return [
    ...rows(),
    ...churchTower(),
    quay,
    jetty,
    ...boat(-1.4, -1.5, 0.66, '#b8352c', true),
    ...boat(1.15, -2.9, 0.8, '#27618f', true),
    ...boat(2.2, -0.75, 0.5, '#e7e1d2', false),
    ...boat(0.35, -0.6, 0.48, '#2f7f6d', false),
    ...boat(-2.35, -3.6, 0.55, '#e0b23c', false),
  ];
}

export function hitSolids(eye: Vec, direction: Vec): Hit | undefined {
  let best = Infinity;
  let solid: Solid | undefined;
  for (const candidate of SOLIDS) {
    const t = enter(candidate, eye, direction, best);
    if (t >= best) continue;
    best = t;
    solid = candidate;
  }
  if (!solid) return undefined;
  const point = add(eye, direction, best);
  return { t: best, point, normal: faceAt(solid, point), solid };
}

export function solidBlocks(eye: Vec, direction: Vec, reach: number): boolean {
  return SOLIDS.some((solid) => enter(solid, eye, direction, reach) < reach);
}

/** Where a ray enters a convex solid: the last of its entries, if it comes before the first exit. */
function enter({ middle, bound, planes }: Solid, eye: Vec, direction: Vec, limit: number): number {
  const x = eye[0] - middle[0];
  const y = eye[1] - middle[1];
  const z = eye[2] - middle[2];
  const along = x * direction[0] + y * direction[1] + z * direction[2];
  const away = x * x + y * y + z * z - bound * bound;
  if (away > 0 && (along > 0 || along * along < away)) return Infinity;
  let first = -Infinity;
  let last = Infinity;
  for (const { normal, offset } of planes) {
    const speed = normal[0] * direction[0] + normal[1] * direction[1] + normal[2] * direction[2];
    const gap = offset - normal[0] * eye[0] - normal[1] * eye[1] - normal[2] * eye[2];
    if (speed === 0 && gap < 0) return Infinity;
    if (speed < 0) first = Math.max(first, gap / speed);
    else if (speed > 0) last = Math.min(last, gap / speed);
    if (first > last || first > limit) return Infinity;
  }
  return first > 1e-4 ? first : Infinity;
}

function faceAt(solid: Solid, point: Vec): Vec {
  let nearest = Infinity;
  let normal: Vec = [0, 1, 0];
  for (const plane of solid.planes) {
    const n = plane.normal;
    const gap = Math.abs(plane.offset - n[0] * point[0] - n[1] * point[1] - n[2] * point[2]);
    if (gap >= nearest) continue;
    nearest = gap;
    normal = n;
  }
  return normal;
}
