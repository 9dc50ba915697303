// A loaded brush: strokes along paths that lay down streaky colour and ridges of paint.
import type { Rgb } from './colour.ts';
import { scale } from './colour.ts';
import { clamp, noise, smoothstep } from './noise.ts';
import type { Size } from './raster.ts';
import { Raster } from './raster.ts';
import type { Random } from './random.ts';

export interface Stroke {
  /** Points about a pixel apart. */
  path: readonly (readonly [number, number])[];
  width: number;
  colour: Rgb;
  seed: number;
  /** How far the bristles differ in tone, and how soon the paint runs out (0 never, 1 at the end). */
  streak: number;
  dryness: number;
}

export class PaintedCanvas {
  readonly colour: Raster;
  readonly relief: Float32Array;

  constructor(readonly size: Size) {
    this.colour = new Raster(size.width, size.height);
    this.relief = new Float32Array(size.width * size.height);
  }

  paint(stroke: Stroke): void {
    const { path } = stroke;
    for (let i = 0; i < path.length; i++) {
      const [x, y] = path[i]!;
      const [bx, by] = path[Math.max(0, i - 2)]!;
      const [ax, ay] = path[Math.min(path.length - 1, i + 2)]!;
      const length = Math.hypot(ax - bx, ay - by) || 1;
      this.drag(stroke, i, x, y, -(ay - by) / length, (ax - bx) / length);
    }
  }

  /** One crosswise line of bristles, square to the direction of travel. */
  private drag(stroke: Stroke, step: number, x: number, y: number, nx: number, ny: number): void {
    const { path, width, seed, streak, dryness } = stroke;
    const along = step / path.length;
    const round = Math.sqrt(clamp(Math.min(step, path.length - 1 - step) / (width * 0.45), 0.05));
    const half = (width / 2) * round;
    for (let offset = -half; offset <= half; offset += 0.6) {
      const across = offset / (width / 2);
      const bristle = noise(seed * 7.1 + offset * 0.85, step * 0.012 + seed);
      const load = bristle + 0.6 * noise(offset * 2 + seed, step * 0.06);
      const left = smoothstep(dryness * along * 1.6 - 0.75, dryness * along * 1.6 - 0.35, load);
      const edge = clamp((half - Math.abs(offset)) * 0.9 + 0.25);
      const tone = 1 + streak * bristle + streak * 0.35 * across;
      const ridge = 0.55 + 0.4 * bristle + 0.5 * smoothstep(0.55, 0.95, Math.abs(across));
      this.touch(x + nx * offset, y + ny * offset, scale(stroke.colour, tone), left * edge, ridge);
    }
  }

  touch(x: number, y: number, colour: Rgb, alpha: number, ridge: number): void {
    const px = Math.round(x);
    const py = Math.round(y);
    const { width, height } = this.size;
    if (px < 0 || py < 0 || px >= width || py >= height) return;
    this.colour.blend(px, py, colour, alpha * 0.85);
    const at = py * width + px;
    this.relief[at]! += (ridge + 0.25 * this.relief[at]! - this.relief[at]!) * alpha * 0.8;
  }

  /** The finished painting under a raking light from the upper left. */
  lit(depth: number): Raster {
    const { width, height } = this.size;
    const at = (x: number, y: number): number =>
      this.relief[clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1)]!;
    return this.colour.map((colour, x, y) => {
      const slope = at(x + 1, y) - at(x - 1, y) + at(x, y + 1) - at(x, y - 1);
      const light = clamp(slope * depth, -0.3, 0.3);
      const shine = smoothstep(0.16, 0.3, light) * 0.12;
      const weave = 0.012 * Math.sin(x * 1.9) * Math.sin(y * 1.9);
      const factor = 1 + light + weave;
      return [colour[0] * factor + shine, colour[1] * factor + shine, colour[2] * factor + shine];
    });
  }
}

export type Field = (x: number, y: number) => number;

/** Follows a field of angles from a point, both ways, in one-pixel steps. */
export function flowPath(x: number, y: number, length: number, angleAt: Field): [number, number][] {
  const walk = (sign: number): [number, number][] => {
    const points: [number, number][] = [];
    let px = x;
    let py = y;
    for (let i = 0; i < length / 2; i++) {
      const angle = angleAt(px, py);
      px += Math.cos(angle) * sign;
      py += Math.sin(angle) * sign;
      points.push([px, py]);
    }
    return points;
  };
  return [...walk(-1).reverse(), [x, y], ...walk(1)];
}

/** Points scattered evenly but not in rows: one in every square of a grid, in random order. */
export function scattered(size: Size, spacing: number, random: Random): [number, number][] {
  const points: { at: [number, number]; order: number }[] = [];
  for (let y = -spacing; y < size.height + spacing; y += spacing) {
    for (let x = -spacing; x < size.width + spacing; x += spacing) {
      const at: [number, number] = [x + random.next() * spacing, y + random.next() * spacing];
      points.push({ at, order: random.next() });
    }
  }
  return points.sort((a, b) => a.order - b.order).map(({ at }) => at);
}
