// Style: a windy night over wheat fields in thick strokes that follow whirls of air.
import { PaintedCanvas, flowPath, scattered } from '../lib/brush.ts';
import type { Rgb } from '../lib/colour.ts';
import { hex, mix, ramp, saturate, scale, turnHue } from '../lib/colour.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import type { Raster, Size } from '../lib/raster.ts';
import { Random } from '../lib/random.ts';
import type { Picture } from '../picture.ts';

/** Positions and sizes are in picture heights. */
const MOON = { x: 0.94, y: 0.21, size: 0.075 };
const WHIRLS = [
  { x: 0.36, y: 0.27, size: 0.2, spin: 1 },
  { x: 0.68, y: 0.42, size: 0.14, spin: -1 },
  { x: 0.08, y: 0.1, size: 0.11, spin: -1 },
  { x: 0.64, y: 0.1, size: 0.1, spin: 1 },
  { x: MOON.x, y: MOON.y, size: 0.17, spin: 1 },
  { x: 1.18, y: 0.4, size: 0.1, spin: -1 },
];
const STARS = [
  [0.2, 0.1, 0.03],
  [0.53, 0.13, 0.024],
  [0.1, 0.36, 0.027],
  [0.55, 0.36, 0.018],
  [0.78, 0.08, 0.022],
  [1.16, 0.16, 0.026],
  [1.02, 0.44, 0.02],
  [0.24, 0.45, 0.018],
] as const;
const SKY = ['#0b1440', '#15307c', '#1f57a8', '#3f8cc4', '#86c5d2', '#d9e3b0'].map(hex);
const GOLD = ['#4f9a9a', '#b9c25a', '#f6b824', '#fce06a', '#fff6c2'].map(hex);
const FIELD = ['#6b4a12', '#b87a16', '#e2ad2c', '#f4d662'].map(hex);
const HILL = ['#10263f', '#1c4a5c', '#2f7566', '#77a05a'].map(hex);

export const swirls: Picture = {
  id: 'swirls',
  kind: 'style',
  width: 640,
  height: 512,
  paint: paintSwirls,
};

function paintSwirls(size: Size): Raster {
  const unit = size.height / 512;
  const canvas = new PaintedCanvas(size);
  const random = new Random(4);
  const layers = [
    { spacing: 13, width: 19, length: 70, drift: 0.05 },
    { spacing: 7.5, width: 9.5, length: 46, drift: 0.1 },
    { spacing: 5, width: 5.6, length: 30, drift: 0.13 },
    { spacing: 6.5, width: 3.2, length: 22, drift: 0.24 },
  ];
  for (const layer of layers) {
    for (const [x, y] of scattered(size, layer.spacing * unit, random)) {
      const place = [x / size.height, y / size.height] as const;
      const heading = (px: number, py: number): number =>
        angleAt(px / size.height, py / size.height);
      const shift = random.spread() * layer.drift;
      const colour = vary(sceneAt(place[0], place[1], layer.width / 512), shift, random);
      const length = layer.length * unit * random.range(0.6, 1.25);
      const path = flowPath(x, y, length, heading);
      const width = layer.width * unit * random.range(0.7, 1.15);
      canvas.paint({ path, width, colour, seed: random.range(0, 900), streak: 0.2, dryness: 0.6 });
    }
  }
  return canvas.lit(0.34);
}

function vary(colour: Rgb, shift: number, random: Random): Rgb {
  return saturate(scale(turnHue(colour, random.spread() * 0.2), 1 + shift * 1.5), 1.12);
}

function hillLine(x: number): number {
  return 0.63 + 0.06 * Math.sin(x * 4.2 + 0.6) + 0.03 * Math.sin(x * 9.5 + 2);
}

function fieldLine(x: number): number {
  return 0.75 - 0.05 * Math.sin(x * 3.1 - 0.4) + 0.015 * Math.sin(x * 11);
}

/** How deep a point lies inside the cypress on the left, 0 outside to 1 at its heart. */
function cypress(x: number, y: number): number {
  const height = (y - 0.2) / 0.75;
  if (height < 0 || height > 1.05) return 0;
  const sway = 0.17 + 0.02 * Math.sin(height * 9) + 0.012 * Math.sin(height * 21);
  const half =
    0.095 *
    Math.sin(Math.min(1, height * 0.9 + 0.03) * 2.3) ** 1.2 *
    (1 + 0.2 * noise(height * 12, 2));
  return smoothstep(half, half * 0.3, Math.abs(x - sway));
}

function angleAt(x: number, y: number): number {
  if (cypress(x, y) > 0.1) return -Math.PI / 2 + 0.5 * Math.sin(y * 26 + x * 30) * 0.8;
  if (y > fieldLine(x))
    return -0.35 + 0.5 * noise(x * 3, y * 5) - (x - 0.6) * 0.7 + 0.25 * Math.sin(y * 40);
  if (y > hillLine(x)) return 0.55 * Math.cos(x * 5 + 0.6) + 0.3 * noise(x * 5, y * 9);
  let dx = 1;
  let dy = 0.35 * Math.sin(x * 5 + y * 3) + 0.3 * noise(x * 2.5, y * 2.5);
  for (const whirl of WHIRLS) {
    const rx = x - whirl.x;
    const ry = y - whirl.y;
    const away = Math.hypot(rx, ry) + 1e-4;
    const pull = 3.4 * Math.exp(-((away / whirl.size) ** 2) * 0.9);
    dx += (pull * whirl.spin * (-ry + rx * -0.22)) / away;
    dy += (pull * whirl.spin * (rx + ry * -0.22)) / away;
  }
  for (const [sx, sy, size] of STARS) {
    const away = Math.hypot(x - sx, y - sy) + 1e-4;
    const pull = 6 * Math.exp(-((away / (size * 2.1)) ** 2));
    dx += (-pull * (y - sy)) / away;
    dy += (pull * (x - sx)) / away;
  }
  return Math.atan2(dy, dx);
}

function sceneAt(x: number, y: number, grain: number): Rgb {
  const tree = cypress(x, y);
  const flame = 0.5 + 0.5 * noise(x * 30, y * 9);
  const under = groundOrSky(x, y, grain);
  return tree > 0.05
    ? ramp(['#0a1a1c', '#16362b', '#3d5f2c', '#8a7a2a'].map(hex), flame * 0.85)
    : under;
}

function groundOrSky(x: number, y: number, grain: number): Rgb {
  if (y > fieldLine(x)) {
    const rows =
      0.5 + 0.32 * Math.sin((y * 34 + x * 9) * (1.4 - y * 0.5)) + 0.35 * noise(x * 16, y * 30);
    const poppy = noise(x * 21, y * 34) > 0.62 && grain < 0.013;
    return poppy
      ? hex('#c9321f')
      : mix(ramp(FIELD, rows), hex('#2f6a5c'), smoothstep(0.35, 0.7, noise(x * 7, y * 18)) * 0.8);
  }
  if (y > hillLine(x)) {
    const lit = 0.4 + 0.4 * fbm(x * 7, y * 15, 3) + 0.5 * smoothstep(0.05, 0, y - hillLine(x));
    return ramp(HILL, lit);
  }
  return skyAt(x, y);
}

function skyAt(x: number, y: number): Rgb {
  let tone = 0.16 + 0.36 * y + 0.3 * noise(x * 3.2, y * 8);
  for (const { x: wx, y: wy, size } of WHIRLS) {
    const away = Math.hypot(x - wx, y - wy) / size;
    const arm = Math.sin(Math.atan2(y - wy, x - wx) * 2 + away * 5.5);
    tone += 0.4 * arm * Math.exp(-away * away * 1.1);
  }
  let colour = ramp(SKY, tone);
  const lights = [...STARS.map(([sx, sy, r]) => ({ x: sx, y: sy, size: r })), MOON];
  for (const light of lights) {
    const away = Math.hypot(x - light.x, y - light.y) / light.size;
    const ring = 0.72 + 0.28 * Math.cos(away * 5.2);
    const glow = clamp(1.25 - away * 0.42) * (away < 0.8 ? 1 : ring);
    colour = mix(colour, ramp(GOLD, 1.25 - away * 0.5), clamp(glow));
  }
  return colour;
}
