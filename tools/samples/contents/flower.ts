// Content: a dahlia close up, rings of cupped petals before a garden melted into bokeh.
import type { Rgb } from '../lib/colour.ts';
import { linear, mix, plus, ramp, scale } from '../lib/colour.ts';
import { develop, expose } from '../lib/film.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import { hash, Random } from '../lib/random.ts';
import { length } from '../lib/vector.ts';
import type { Picture } from '../picture.ts';

/** The flower's middle, how it is turned from the camera, and the light's direction across it. */
const HEART = { u: 0.1, v: 0.03 };
const TILT = { angle: 0.5, squash: 0.86 };
const LIGHT = { x: -0.6, y: 0.8 };
const GOLDEN = 2.39996;
const SKIN = ['#3d0414', '#8f0f2c', '#d4324a', '#f2695f', '#f9a383', '#fcd0b0'].map(linear);
const FOLIAGE = ['#07140c', '#1d3d1c', '#5f7f30', '#c2c060'].map(linear);

interface Petal {
  /** Which way it points, as cosine and sine, how long it is, and a number of its own. */
  c: number;
  s: number;
  reach: number;
  key: number;
}

interface Ring {
  /** Where petals start and end, from the heart. */
  from: number;
  to: number;
  width: number;
  /** Distance from the plane of focus, as a lens shift. */
  blur: number;
  petals: readonly Petal[];
}

const RINGS: readonly Ring[] = Array.from({ length: 11 }, (_, k): Ring => {
  const open = (k / 10) ** 0.85;
  const from = 0.005 + 0.2 * open;
  const to = 0.055 + 0.37 * open;
  const count = Math.round(7 + 11 * open);
  const petals = Array.from({ length: count }, (_petal, i): Petal => {
    const key = hash(i, k * 240);
    const angle = k * GOLDEN + ((i + (key - 0.5) * 0.25) / count) * 2 * Math.PI;
    return { c: Math.cos(angle), s: Math.sin(angle), reach: to * (0.94 + 0.12 * key) - from, key };
  });
  const blur = 0.0004 + 0.006 * Math.max(0, open - 0.55) ** 1.5;
  return { from, to, width: 0.02 + 0.045 * open, blur, petals };
});

export const flower: Picture = {
  id: 'flower',
  kind: 'content',
  width: 768,
  height: 512,
  paint: (size) => {
    const discs = bokeh();
    return develop(
      expose(size, 3, (u, v, random) => look(u, v, random, discs)),
      { exposure: 1.35, bloom: 0.12, vignette: 0.4, grain: 0.01, saturation: 1.12 },
    );
  },
};

function look(u: number, v: number, random: Random, discs: readonly Disc[]): Rgb {
  const angle = random.next() * 2 * Math.PI;
  const radius = Math.sqrt(random.next());
  const lens = { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius };
  let shade = 1;
  for (const ring of RINGS) {
    const [x, y] = flatten(u + lens.x * ring.blur, v + lens.y * ring.blur);
    const petal = petalAt(ring, x, y);
    if (petal) return scale(petal, shade);
    // A petal shades what lies beneath it, a little to the side away from the light.
    const cast = ringCover(ring, x + LIGHT.x * 0.012, y + LIGHT.y * 0.012);
    shade *= 1 - 0.5 * cast;
  }
  return garden(u, v, lens, discs);
}

/** Undoes the flower's tilt, so that its rings are circles again. */
function flatten(u: number, v: number): readonly [number, number] {
  const [c, s] = [Math.cos(TILT.angle), Math.sin(TILT.angle)];
  const x = (u - HEART.u) * c + (v - HEART.v) * s;
  const y = ((v - HEART.v) * c - (u - HEART.u) * s) / TILT.squash;
  return [x * c - y * s, x * s + y * c];
}

interface Place {
  /** Along the petal from base to tip, across it from edge to edge, and inside distance. */
  along: number;
  across: number;
  inside: number;
  petal: Petal;
}

/** Where a point lies on a petal, or nothing when it is well clear of it. */
function placeOn(ring: Ring, petal: Petal, x: number, y: number): Place | undefined {
  const { c, s, reach, key } = petal;
  const along = (x * c + y * s - ring.from) / reach;
  if (along < 0 || along > 1) return undefined;
  const side = y * c - x * s - (key - 0.5) * 0.02 * along * along;
  if (Math.abs(side) > ring.width * 1.1 + 0.02) return undefined;
  const profile = Math.sin(Math.PI * along ** 0.85) ** 0.62;
  const half = ring.width * profile * (1 + 0.05 * noise(along * 6, key * 50));
  return { along, across: half > 0 ? side / half : 9, inside: half - Math.abs(side), petal };
}

function reaches(ring: Ring, x: number, y: number): boolean {
  const away = length(x, y);
  return away > ring.from && away < ring.to * 1.07;
}

/** The petal of a ring under a point; every other petal lies on top of its neighbours. */
function petalAt(ring: Ring, x: number, y: number): Rgb | undefined {
  if (!reaches(ring, x, y)) return undefined;
  let hidden = 0;
  for (const parity of [0, 1]) {
    for (let i = parity; i < ring.petals.length; i += 2) {
      const place = placeOn(ring, ring.petals[i]!, x, y);
      if (!place) continue;
      if (place.inside > 0) return scale(petalColour(place, ring), 1 - hidden * parity);
      hidden = Math.max(hidden, smoothstep(-0.012, 0, place.inside) * 0.45);
    }
  }
  return undefined;
}

function ringCover(ring: Ring, x: number, y: number): number {
  if (!reaches(ring, x, y)) return 0;
  let cover = 0;
  for (const petal of ring.petals) {
    const place = placeOn(ring, petal, x, y);
    if (place) cover = Math.max(cover, smoothstep(-0.014, 0.01, place.inside));
  }
  return cover;
}

/** Deep colour in the throat to pale tips, veined lengthways, cupped so that one side is lit. */
function petalColour({ along, across, petal }: Place, ring: Ring): Rgb {
  const { c, s, key } = petal;
  const veins =
    noise(across * 7 + key * 90, along * 1.6) + 0.6 * noise(across * 17 + key * 40, along * 3);
  const mottle = fbm(across * 2 + key * 70, along * 4, 3);
  const age = ring.to * 0.75;
  const pale =
    0.12 + 0.62 * along ** 1.25 + age * 0.4 + 0.07 * veins + 0.08 * mottle + 0.1 * (key - 0.5);
  const colour = ramp(SKIN, pale);
  const cup = -across * 0.85 - 0.25 * Math.sin(across * 6) * along;
  const lean = 0.55 - along * 0.75;
  const facing = (cup * -s - lean * c) * LIGHT.x + (cup * c - lean * s) * LIGHT.y;
  const lit = 0.8 + 0.75 * facing + 0.06 * veins;
  const throat = smoothstep(-0.05, 0.75, along);
  const rim = smoothstep(0.8, 0.97, Math.abs(across)) * 0.22 + smoothstep(0.9, 1, along) * 0.3;
  const sheen = scale(linear('#ffe6dc'), 0.4 * clamp(facing - 0.35) + rim * 0.35 * clamp(lit));
  return plus(scale(colour, clamp(lit, 0.16, 2) * (0.12 + 1.3 * throat)), scale(sheen, throat));
}

interface Disc {
  u: number;
  v: number;
  radius: number;
  colour: Rgb;
}

function bokeh(): Disc[] {
  const random = new Random(64);
  const tints = ['#ffe9a0', '#d8e07a', '#8fb84a', '#fff4d8', '#f0a868', '#6fa86a'];
  return Array.from({ length: 64 }, () => ({
    u: random.range(-0.8, 0.8),
    v: random.range(-0.25, 0.55),
    radius: random.range(0.025, 0.075),
    colour: scale(linear(random.pick(tints)), random.range(0.04, 0.42) ** 1.3),
  }));
}

/** Far foliage, a second bloom and a stem out of focus, and highlights spread into discs. */
function garden(u: number, v: number, lens: { x: number; y: number }, discs: readonly Disc[]): Rgb {
  const leaf = 0.5 + 0.55 * fbm(u * 2.1 + 3.3, v * 2.1 + 1.7, 2) + v * 0.5;
  let colour = scale(ramp(FOLIAGE, leaf), 0.62);
  const su = u - HEART.u + 0.02 + (v + 0.3) * 0.12 + lens.x * 0.012;
  const stem = v < HEART.v ? smoothstep(0.03, 0.012, Math.abs(su)) : 0;
  colour = mix(colour, scale(linear('#3c5a22'), 0.5 - su * 7), stem);
  for (const [bu, bv, size, tint] of [
    [-0.56, -0.2, 0.17, '#c8324f'],
    [0.7, -0.32, 0.15, '#e08a3c'],
    [-0.32, 0.38, 0.1, '#d05a7a'],
  ] as const) {
    const away = length(u - bu, v - bv) / size;
    const petals = 1 + 0.05 * Math.sin(Math.atan2(v - bv, u - bu) * 9 + bu * 30);
    const body = scale(linear(tint), 0.3 + 0.5 * clamp(0.5 - (u - bu) * 2 + (v - bv) * 3));
    colour = mix(colour, body, 0.85 * smoothstep(1.4 * petals, 0.3, away));
  }
  for (const disc of discs) {
    const away = length(u - disc.u, v - disc.v) / disc.radius;
    if (away > 1.06) continue;
    const edge = smoothstep(1.05, 0.95, away) * (0.72 + 0.4 * smoothstep(0.6, 0.95, away));
    colour = plus(colour, scale(disc.colour, edge));
  }
  return colour;
}
