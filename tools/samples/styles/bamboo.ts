// Brush strokes of the ink painting: bamboo stems, their leaves in clusters, and far birds.
import { Random } from '../lib/random.ts';

type Point = readonly [number, number];

/** A curved stroke in picture heights; width is given along its length. */
export interface InkStroke {
  from: Point;
  bend: Point;
  to: Point;
  width: (t: number) => number;
  dark: number;
  dry: number;
  seed: number;
}

const STEMS = [
  { x: 0.045, lean: 0.03, width: 0.03, dark: 0.5, joint: 0.145, top: -0.05 },
  { x: 0.14, lean: 0.075, width: 0.036, dark: 0.86, joint: 0.17, top: -0.05 },
  { x: 0.235, lean: -0.02, width: 0.016, dark: 0.42, joint: 0.12, top: 0.3 },
];

export function bamboo(): InkStroke[] {
  const random = new Random(77);
  return STEMS.flatMap((stem) => stemStrokes(stem, random));
}

function stemStrokes(stem: (typeof STEMS)[number], random: Random): InkStroke[] {
  const strokes: InkStroke[] = [];
  let y = 1.02;
  while (y > stem.top) {
    const next = y - stem.joint * random.range(0.85, 1.15);
    const [x0, x1] = [xOf(stem, y), xOf(stem, next)];
    const seed = random.range(0, 500);
    const width = stem.width * random.range(0.95, 1.05);
    strokes.push({
      from: [x0, y - 0.004],
      bend: [(x0 + x1) / 2, (y + next) / 2],
      to: [x1, next + 0.004],
      width: (t) => width * (0.9 + 0.35 * Math.abs(t - 0.5) ** 2 * 2),
      dark: stem.dark,
      dry: random.range(0.45, 0.8),
      seed,
    });
    strokes.push(...joint(x1, next, width, stem.dark));
    if (next < 0.78 && random.chance(0.85)) strokes.push(...branch(x1, next, stem.dark, random));
    y = next;
  }
  return strokes;
}

function xOf(stem: { x: number; lean: number }, y: number): number {
  return stem.x + stem.lean * (1 - y) + 0.012 * Math.sin(y * 3);
}

function joint(x: number, y: number, width: number, dark: number): InkStroke[] {
  return [-1, 1].map((side) => ({
    from: [x, y + 0.002],
    bend: [x + side * width * 0.4, y + 0.003],
    to: [x + side * width * 0.68, y - 0.006],
    width: (t) => 0.005 + 0.004 * t,
    dark: Math.min(1, dark + 0.25),
    dry: 0.1,
    seed: x * 900,
  }));
}

/** A thin twig to the right or left that ends in leaves hanging like fingers. */
function branch(x: number, y: number, dark: number, random: Random): InkStroke[] {
  const side = random.chance(0.72) ? 1 : -1;
  const tip: Point = [x + side * random.range(0.1, 0.2), y - random.range(0.03, 0.1)];
  const twig: InkStroke = {
    from: [x, y],
    bend: [x + side * 0.05, y - 0.06],
    to: tip,
    width: (t) => 0.0055 - 0.003 * t,
    dark,
    dry: 0.3,
    seed: y * 50,
  };
  const strokes = [twig];
  for (const [part, count] of [
    [0.55, 3],
    [1, 5],
  ] as const) {
    const at: Point = [x + (tip[0] - x) * part, y + (tip[1] - y) * part - 0.02 * (1 - part)];
    for (let i = 0; i < count; i++) strokes.push(leaf(at, side, dark, random));
  }
  return strokes;
}

function leaf([x, y]: Point, side: number, dark: number, random: Random): InkStroke {
  const angle = Math.PI / 2 - side * random.range(-0.35, 1.35);
  const length = random.range(0.075, 0.15);
  const sag = random.range(0, 0.02);
  const belly = random.range(0.016, 0.024);
  return {
    from: [x, y],
    bend: [x + Math.cos(angle) * length * 0.5, y + Math.sin(angle) * length * 0.5 - sag],
    to: [x + Math.cos(angle) * length, y + Math.sin(angle) * length],
    width: (t) => belly * Math.sin(Math.PI * Math.min(1, t * 0.96 + 0.04) ** 0.62),
    dark: Math.min(0.97, dark * random.range(0.8, 1.2)),
    dry: random.range(0, 0.5),
    seed: random.range(0, 900),
  };
}

export function birds(): InkStroke[] {
  const flock = [
    [0.42, 0.1, 0.02],
    [0.46, 0.085, 0.016],
    [0.395, 0.075, 0.014],
    [0.5, 0.11, 0.013],
    [0.36, 0.105, 0.012],
  ] as const;
  return flock.flatMap(([x, y, span]) =>
    [-1, 1].map((side): InkStroke => ({
      from: [x, y],
      bend: [x + side * span * 0.5, y - span * 0.55],
      to: [x + side * span, y - span * 0.15],
      width: (t) => 0.005 * (1 - t) + 0.001,
      dark: 0.8,
      dry: 0.1,
      seed: x * 99,
    })),
  );
}
