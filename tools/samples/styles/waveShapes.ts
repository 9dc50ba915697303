// Shapes of the woodblock print: striped breakers with clawed foam, and long swells, as SVG.
import { noise } from '../lib/noise.ts';
import { Random } from '../lib/random.ts';

type Point = readonly [number, number];

const OUTLINE = '#14233f';
const BLUES = [
  '#1b3a6b',
  '#2c5f94',
  '#16305c',
  '#5f96b8',
  '#234d84',
  '#9cc3cb',
  '#1b3a6b',
  '#3d78a6',
];
const FOAM = '#f6efdd';
const FOAM_SHADE = '#a9c6cc';

/** The great wave's back, from the lower left over the crest to the tip of the curl. */
const BACK: readonly Point[] = [
  [-60, 480],
  [-30, 330],
  [30, 215],
  [105, 122],
  [195, 66],
  [285, 62],
  [350, 100],
  [381, 158],
  [378, 206],
];
/** Its hollow face, from the trough on the right, up and under the lip to the same tip. */
const FACE: readonly Point[] = [
  [700, 480],
  [470, 452],
  [330, 420],
  [246, 362],
  [212, 290],
  [226, 222],
  [276, 182],
  [336, 182],
  [378, 206],
];

export interface Breaker {
  x: number;
  y: number;
  size: number;
  mirror: boolean;
  seed: number;
}

export function breaker({ x, y, size, mirror, seed }: Breaker): string {
  const random = new Random(seed);
  const place = mirror
    ? `translate(${x + 400 * size} ${y}) scale(${-size} ${size})`
    : `translate(${x} ${y}) scale(${size})`;
  return `<g transform="${place}" stroke-linejoin="round">${body(seed)}${foam(random)}</g>`;
}

/** Catmull-Rom through the points, at t in 0..1. */
function along(points: readonly Point[], t: number): Point {
  const position = Math.min(Math.max(t, 0), 0.99999) * (points.length - 1);
  const i = Math.floor(position);
  const f = position - i;
  const at = (k: number): Point => points[Math.min(Math.max(k, 0), points.length - 1)]!;
  const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
  const blend = (k: 0 | 1): number =>
    b[k] +
    0.5 *
      f *
      (c[k] -
        a[k] +
        f * (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k] + f * (3 * (b[k] - c[k]) + d[k] - a[k])));
  return [blend(0), blend(1)];
}

/** A line up the wave between its face (0) and its back (1). */
function riser(share: number, t: number): Point {
  const face = along(FACE, t);
  const back = along(BACK, t);
  return [face[0] + (back[0] - face[0]) * share, face[1] + (back[1] - face[1]) * share];
}

function trail(points: readonly Point[]): string {
  return points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
}

function sweep(at: (t: number) => Point, from = 0, to = 1, steps = 70): Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => at(from + ((to - from) * i) / steps));
}

/** Bands of blue that rise from the trough and converge in the curl. */
function body(seed: number): string {
  const bands = 15;
  const share = (edge: number, t: number): number => {
    const wander = edge === 0 || edge === bands ? 0 : 0.022 * noise(t * 3 + seed, edge * 1.7);
    return (edge / bands) ** 0.82 + wander;
  };
  const parts = Array.from({ length: bands }, (_, band) => {
    const near = sweep((t) => riser(share(band, t), t));
    const far = sweep((t) => riser(share(band + 1, t), t)).reverse();
    const colour = BLUES[(band + seed) % BLUES.length]!;
    return `<path d="M${trail(near)}L${trail(far)}Z" fill="${colour}" stroke="${colour}" stroke-width="0.8"/>`;
  });
  const veins = [0.16, 0.34, 0.47, 0.63, 0.8].map((k) => {
    const line = sweep((t) => riser(k + 0.03 * noise(t * 4, k * 20 + seed), t), 0.08, 0.78);
    return `<path d="M${trail(line)}" fill="none" stroke="${FOAM}" stroke-width="2.2" opacity="0.8"/>`;
  });
  const rim = `M${trail(sweep((t) => along(BACK, t)))}L${trail(sweep((t) => along(FACE, t)).reverse())}`;
  return `${parts.join('')}${veins.join('')}<path d="${rim}" fill="none" stroke="${OUTLINE}" stroke-width="2.6"/>`;
}

/** The white cap: lobes along the crest, claws that hang from the lip, and flying drops. */
function foam(random: Random): string {
  const shapes: string[] = [];
  for (let t = 0.4; t < 1; t += 0.017) {
    const depth = 0.05 + 0.2 * Math.max(0, t - 0.4) + random.range(0, 0.05);
    const [x, y] = riser(1 - depth * 0.9, t);
    shapes.push(circle(x, y, 6 + 13 * Math.min(1, (t - 0.36) * 2.4) * random.range(0.7, 1.2)));
  }
  for (let t = 0.42; t < 1; t += 0.026) shapes.push(...crestClaw(t, random));
  for (let t = 0.66; t < 1.001; t += 0.021) {
    const [x, y] = riser(0.1, t);
    shapes.push(circle(x, y, 5 + 22 * (t - 0.62) * random.range(0.7, 1.1)));
  }
  for (let t = 0.64; t < 1.001; t += 0.03) shapes.push(...lipClaw(t, random));
  const outline = `<g fill="${OUTLINE}" stroke="${OUTLINE}" stroke-width="4.2">${shapes.join('')}</g>`;
  return `${outline}<g fill="${FOAM}">${shapes.join('')}</g>${shadows(random)}${drops(random)}`;
}

function circle(x: number, y: number, radius: number): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}"/>`;
}

function heading(points: readonly Point[], t: number): number {
  const [ax, ay] = along(points, t - 0.02);
  const [bx, by] = along(points, t + 0.0199);
  return Math.atan2(by - ay, bx - ax);
}

/** Small tongues on the outside of the crest, blown forward. */
function crestClaw(t: number, random: Random): string[] {
  const [x, y] = along(BACK, t);
  const lean = heading(BACK, t) - random.range(0.15, 0.75);
  return claw([x, y], lean, random.range(17, 30), random.range(5.5, 8), 0.075, random, 1);
}

/** Long hooked fingers under the lip that clutch at the hollow. */
function lipClaw(t: number, random: Random): string[] {
  const [x, y] = riser(0.06, t);
  const fall = Math.PI / 2 + random.range(-0.25, 0.25) - (t - 0.78) * 3.4;
  return claw(
    [x, y],
    fall,
    random.range(34, 58) * (0.35 + 0.65 * t),
    random.range(8, 11),
    0.028,
    random,
    2,
  );
}

/** A tapering hook with smaller hooks growing from it. */
function claw(
  from: Point,
  angle: number,
  length: number,
  width: number,
  curl: number,
  random: Random,
  depth: number,
): string[] {
  const left: Point[] = [];
  const right: Point[] = [];
  const shapes: string[] = [];
  const bend = curl * random.range(0.6, 1.4) * (24 / length);
  let [x, y] = from;
  let turn = angle;
  const steps = Math.ceil(length / 1.5);
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const half = (width / 2) * (1 - t) ** 0.7 * (1 + 0.25 * Math.sin(t * 7));
    left.push([x - Math.sin(turn) * half, y + Math.cos(turn) * half]);
    right.push([x + Math.sin(turn) * half, y - Math.cos(turn) * half]);
    const sprouts = i === Math.floor(steps * 0.3) || i === Math.floor(steps * 0.62);
    if (depth > 0 && sprouts) {
      const side = i < steps * 0.5 ? -1 : 1;
      shapes.push(
        ...claw(
          [x, y],
          turn + side * 0.85,
          length * 0.48,
          width * 0.66,
          curl * 1.5,
          random,
          depth - 1,
        ),
      );
    }
    x += Math.cos(turn) * 1.5;
    y += Math.sin(turn) * 1.5;
    turn += bend * (0.5 + t * 1.6);
  }
  shapes.push(`<path d="M${trail(left)}L${trail(right.reverse())}Z"/>`);
  return shapes;
}

/** Pale blue touches that give the cap its body. */
function shadows(random: Random): string {
  const marks: string[] = [];
  for (let t = 0.44; t < 0.98; t += 0.011) {
    const [x, y] = riser(1 - 0.3 * random.next() * (t - 0.2), t);
    const turn = heading(BACK, t) + random.range(-0.5, 0.5);
    const long = random.range(4, 11);
    const [dx, dy] = [Math.cos(turn) * long, Math.sin(turn) * long];
    marks.push(`<path d="M${x} ${y}q${dx * 0.5 - dy * 0.3} ${dy * 0.5 + dx * 0.3} ${dx} ${dy}"/>`);
  }
  return `<g fill="none" stroke="${FOAM_SHADE}" stroke-width="2.4" stroke-linecap="round">${marks.join('')}</g>`;
}

function drops(random: Random): string {
  const spots = Array.from({ length: 90 }, () => {
    const t = random.range(0.5, 1);
    const [x, y] = along(BACK, t);
    const away = 8 + 60 * random.next() ** 2;
    const angle = heading(BACK, t) - random.range(0.2, 1.5);
    return circle(x + Math.cos(angle) * away, y + Math.sin(angle) * away, random.range(0.9, 2.8));
  });
  return `<g fill="${FOAM}" stroke="${OUTLINE}" stroke-width="0.5">${spots.join('')}</g>`;
}

export interface Swell {
  top: number;
  height: number;
  phase: number;
  seed: number;
  tint: number;
}

/** A long low wave across the sheet, in stripes that follow its line, flecked with foam. */
export function swell({ top, height, phase, seed, tint }: Swell): string {
  const stripes = 7;
  const line = (x: number, k: number): number =>
    top +
    height * k +
    (1 - 0.6 * k) * (16 * Math.sin(x * 0.014 + phase) + 7 * Math.sin(x * 0.037 + phase * 2 + k)) +
    3 * noise(x * 0.03, seed + k * 5);
  const parts = Array.from({ length: stripes }, (_, i) => {
    const edge = sweep((t): Point => [-10 + t * 660, line(-10 + t * 660, i / stripes)]);
    const colour = BLUES[(i * 3 + seed) % BLUES.length]!;
    return `<path d="M${trail(edge)}L650 480L-10 480Z" fill="${colour}" stroke="${i === 0 ? OUTLINE : 'none'}" stroke-width="1.8"/>`;
  });
  const random = new Random(seed * 7);
  const flecks = Array.from({ length: 26 }, () => {
    const x = random.range(-10, 640);
    const y = line(x, random.range(0.05, 0.9));
    const long = random.range(10, 34);
    return `<path d="M${x} ${y}q${long / 2} ${-random.range(2, 5)} ${long} 0"/>`;
  });
  const veil = `<path d="M${trail(sweep((t): Point => [-10 + t * 660, line(-10 + t * 660, 0)]))}L650 480L-10 480Z" fill="#c9d6c8" opacity="${tint}"/>`;
  return `${parts.join('')}<g fill="none" stroke="${FOAM}" stroke-width="1.8" opacity="0.85" stroke-linecap="round">${flecks.join('')}</g>${veil}`;
}
