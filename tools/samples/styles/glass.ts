// Style: a stained-glass window of a sun over hills, leaded cells of streaky glowing glass.
import type { Rgb } from '../lib/colour.ts';
import { hex, mix, plus, ramp, saturate, scale } from '../lib/colour.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import type { Size } from '../lib/raster.ts';
import { Raster } from '../lib/raster.ts';
import { Random } from '../lib/random.ts';
import type { Picture } from '../picture.ts';

interface Pane {
  x: number;
  y: number;
  colour: Rgb;
  seed: number;
}

/** Positions are in picture widths; the sun is the middle of the window's upper part. */
const SUN = { x: 0.5, y: 0.43 };
const LEAD = 0.0066;
const SKIES = ['#0d2f8f', '#1450b8', '#1b7fd0', '#2ab3d6', '#5a2fa0', '#8a2f9a'].map(hex);
const RAYS = ['#d0261f', '#e8641a', '#f59a1c', '#b51a3a'].map(hex);
const CORE = ['#ffd23a', '#ffec8a', '#ffb21f'].map(hex);
const HILLS = ['#0f6b45', '#2f9a3c', '#8dbf2c', '#0c5560', '#157f7a'].map(hex);
const WATER = ['#0a3f80', '#1270a8', '#25a5b8', '#6fd0c8'].map(hex);

export const glass: Picture = {
  id: 'glass',
  kind: 'style',
  width: 512,
  height: 640,
  paint: paintGlass,
};

function paintGlass(size: Size): Raster {
  const panes = layOut();
  return Raster.from(size, (px, py) => {
    let sum: Rgb = [0, 0, 0];
    for (const [ox, oy] of [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.25, 0.75],
      [0.75, 0.75],
    ] as const) {
      sum = plus(sum, windowAt((px + ox) / size.width, (py + oy) / size.width, panes));
    }
    return scale(sum, 0.25);
  });
}

/** Seeds in rings make petals round the sun, seeds in bands make hills and water below. */
function layOut(): Pane[] {
  const random = new Random(12);
  const panes: Pane[] = [];
  const put = (x: number, y: number, colours: readonly Rgb[]): void => {
    panes.push({
      x,
      y,
      colour: saturate(random.pick(colours), random.range(0.9, 1.25)),
      seed: random.range(0, 99),
    });
  };
  put(SUN.x, SUN.y, [CORE[1]!]);
  for (const [ring, count, colours] of [
    [0.085, 8, CORE],
    [0.165, 12, [...CORE, RAYS[2]!]],
    [0.245, 16, RAYS],
    [0.325, 16, [...RAYS, SKIES[4]!]],
    [0.415, 22, SKIES],
    [0.51, 26, SKIES],
    [0.62, 30, SKIES],
    [0.74, 34, SKIES],
  ] as const) {
    for (let i = 0; i < count; i++) {
      const angle =
        ((i + (count % 4 === 0 ? 0.5 : 0) + random.spread() * 0.12) / count) * 2 * Math.PI;
      const away = ring * (1 + random.spread() * 0.03);
      const x = SUN.x + Math.cos(angle) * away;
      const y = SUN.y + Math.sin(angle) * away;
      if (y < landLine(x) - 0.02) put(x, y, colours);
    }
  }
  for (let row = 0; row < 8; row++) {
    for (let i = 0; i < 9; i++) {
      const x = (i + 0.5 * (row % 2) + random.spread() * 0.3) / 8.5;
      const y = landLine(x) + 0.035 + row * 0.07 + random.spread() * 0.012;
      put(x, y, row < 4 ? HILLS : WATER);
    }
  }
  return panes;
}

function landLine(x: number): number {
  return 0.76 + 0.07 * Math.sin(x * 5.2 + 0.4) - 0.03 * Math.sin(x * 12);
}

function windowAt(x: number, y: number, panes: readonly Pane[]): Rgb {
  const wx = x + 0.012 * noise(x * 7, y * 7) + 0.002 * noise(x * 40, y * 40);
  const wy = y + 0.012 * noise(x * 7 + 40, y * 7) + 0.002 * noise(x * 40, y * 40 + 9);
  let nearest = Infinity;
  let second = Infinity;
  let pane = panes[0]!;
  let other = pane;
  for (const candidate of panes) {
    const away = (candidate.x - wx) ** 2 + (candidate.y - wy) ** 2;
    if (away < nearest) {
      second = nearest;
      other = pane;
      nearest = away;
      pane = candidate;
    } else if (away < second) {
      second = away;
      other = candidate;
    }
  }
  const apart = Math.hypot(other.x - pane.x, other.y - pane.y);
  const edge = (second - nearest) / (2 * apart);
  const border = Math.min(x, 1 - x, y, 1.25 - y) - 0.012;
  const width = LEAD * (0.85 + 0.3 * noise(x * 18, y * 18));
  const gap = Math.min(edge, border);
  if (gap < width)
    return lead(gap / width, x, y, (other.x - pane.x) / apart, (other.y - pane.y) / apart);
  return lightThrough(pane, x, y, gap - width, Math.sqrt(nearest));
}

/** Soldered lead came: round in section, dull, with a highlight on the side facing the light. */
function lead(across: number, x: number, y: number, nx: number, ny: number): Rgb {
  const tilt = clamp(across) * (-nx * 0.6 - ny * 0.8);
  const body = 0.1 + 0.16 * (1 - Math.max(0, across) ** 2);
  const shine = 0.28 * smoothstep(0.25, 0.75, tilt) + 0.07 * fbm(x * 60, y * 60, 3);
  const tone = Math.max(0.03, body + shine);
  return [tone * 0.92, tone * 0.96, tone * 1.05];
}

function lightThrough(pane: Pane, x: number, y: number, inset: number, fromHeart: number): Rgb {
  const { seed } = pane;
  const turn = seed * 3.7;
  const u = x * Math.cos(turn) + y * Math.sin(turn);
  const v = y * Math.cos(turn) - x * Math.sin(turn);
  const bend = fbm(u * 9 + seed, v * 9, 3) * 0.7;
  const streaks = fbm(u * 6 + seed + bend, v * 34 + bend * 3, 4);
  const ripple = noise(u * 46 + seed, v * 60 + bend * 4);
  const bubble = noise(x * 120 + seed, y * 120) > 0.78 ? 0.16 : 0;
  const sky = 0.75 + 0.4 * smoothstep(0.75, 0.05, Math.hypot(x - SUN.x, y - SUN.y));
  const grime = smoothstep(0, 0.02, inset);
  const glow = sky * (0.42 + 0.58 * grime) * (1.18 - fromHeart * 3.2);
  const partner = ramp(
    [scale(pane.colour, 0.45), pane.colour, mix(pane.colour, hex('#fff3c8'), 0.5)],
    0.5 + 0.75 * streaks,
  );
  const body = scale(partner, glow * (1 + 0.13 * ripple) + bubble);
  const spark = smoothstep(0.45, 0.9, ripple + streaks) * 0.22 * grime;
  return plus(body, [spark, spark, spark * 0.85]);
}
