// Style: a woodblock print of curling waves in a few blues, with foam that breaks into claws.
import type { Rgb } from '../lib/colour.ts';
import { hex, luma, mix, scale } from '../lib/colour.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import type { Raster, Size } from '../lib/raster.ts';
import { drawSvg } from '../lib/raster.ts';
import type { Picture } from '../picture.ts';
import { breaker, swell } from './waveShapes.ts';

const SHEET: Size = { width: 640, height: 464 };
const PAPER = hex('#efe0bd');
const OUTLINE = '#14233f';

export const waves: Picture = {
  id: 'waves',
  kind: 'style',
  ...SHEET,
  paint: async (size) => {
    const plate = await drawSvg(size, SHEET, `${sky()}${mountain()}${sea()}`);
    return print(plate);
  },
};

/** Colour wiped by hand towards the edge of the block: dark above, warm at the horizon. */
function sky(): string {
  const stops = [
    [0, '#274a78'],
    [0.13, '#7d9cae'],
    [0.3, '#e3d6b4'],
    [0.55, '#f0d9a4'],
    [0.78, '#e9a77c'],
    [1, '#dd8468'],
  ].map(([at, colour]) => `<stop offset="${String(at)}" stop-color="${String(colour)}"/>`);
  const fade = `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="0.72">${stops.join('')}</linearGradient>`;
  const bars = [
    [470, 128, 190],
    [520, 143, 150],
    [430, 158, 120],
    [560, 92, 130],
    [20, 46, 120],
    [-30, 61, 130],
  ].map(([x, y, long]) => `<rect x="${x!}" y="${y!}" width="${long!}" height="11" rx="5.5"/>`);
  return `<defs>${fade}</defs><rect width="640" height="464" fill="url(#sky)"/>
    <g fill="#f4e6c6" opacity="0.85">${bars.join('')}</g>
    <circle cx="508" cy="112" r="37" fill="#d2452f" opacity="0.92"/>
    <g fill="#f4e6c6" opacity="0.9"><rect x="478" y="128" width="120" height="10" rx="5"/></g>`;
}

function mountain(): string {
  return `<path d="M330 330 C390 296 428 258 455 232 L468 238 L480 230 L494 236 C525 268 575 305 650 330 Z"
      fill="#4b6a86" stroke="${OUTLINE}" stroke-width="1.6"/>
    <path d="M455 232 L468 238 L480 230 L494 236 C502 245 511 254 521 263 L508 260 L500 270 L489 256 L479 274 L467 258
      L456 268 L449 255 L434 260 C442 250 449 241 455 232 Z" fill="#f3ead4"/>
    <path d="M560 330 C585 312 610 300 660 292 L660 340 Z" fill="#6f8792" stroke="${OUTLINE}" stroke-width="1.2"/>`;
}

function sea(): string {
  return [
    swell({ top: 318, height: 60, phase: 1.2, seed: 3, tint: 0.3 }),
    breaker({ x: 356, y: 250, size: 0.5, mirror: true, seed: 8 }),
    swell({ top: 350, height: 70, phase: 3.6, seed: 5, tint: 0.15 }),
    breaker({ x: -26, y: -6, size: 1.03, mirror: false, seed: 1 }),
    swell({ top: 398, height: 60, phase: 0.4, seed: 9, tint: 0 }),
    breaker({ x: -70, y: 300, size: 0.44, mirror: false, seed: 21 }),
    breaker({ x: 262, y: 330, size: 0.42, mirror: true, seed: 15 }),
    swell({ top: 438, height: 50, phase: 2.2, seed: 13, tint: 0.05 }),
  ].join('');
}

/** What the paper and the block leave in the ink: grain, mottling, fibres, worn lines. */
function print(plate: Raster): Raster {
  const { width, height } = plate;
  return plate.map((ink, px, py) => {
    const x = px / height;
    const y = py / height;
    const paper = paperAt(x, y);
    const load = 1 - luma(ink);
    const board = noise(x * 2.4, y * 62 + 3.5 * fbm(x * 1.1, y * 2.6, 3));
    const figure = smoothstep(0.1, 0.8, board) * 0.2;
    const mottle = smoothstep(0.15, 0.75, fbm(x * 34, y * 34, 4)) * 0.38;
    const speck = smoothstep(0.42, 0.8, noise(x * 210, y * 210)) * 0.34;
    const thin = clamp((figure + mottle + speck) * (0.25 + load * 0.75));
    const edge = Math.min(px, py, width - 1 - px, height - 1 - py) / height;
    const margin = smoothstep(0.01, 0.013, edge + 0.003 * noise(x * 60, y * 60));
    const pressed: Rgb = [
      ink[0] * paper[0] * 1.06,
      ink[1] * paper[1] * 1.1,
      ink[2] * paper[2] * 1.22,
    ];
    return mix(scale(paper, 0.98), mix(pressed, paper, thin), margin);
  });
}

function paperAt(x: number, y: number): Rgb {
  const bend = 0.7 * noise(x * 9, y * 9);
  const fibre = smoothstep(0.55, 0.9, noise(x * 22 + bend * 6, y * 130 + bend * 8));
  const stain = fbm(x * 2.4 + 7, y * 2.4, 4);
  return scale(PAPER, 1 - 0.06 * fibre - 0.04 * stain + 0.025 * noise(x * 320, y * 320));
}
