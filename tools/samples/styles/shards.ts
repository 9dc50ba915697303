// Style: a city of shards, overlapping angular facets with shaded edges in a strong palette.
import type { Rgb } from '../lib/colour.ts';
import { hex, mix, saturate, scale, turnHue } from '../lib/colour.ts';
import { clamp, fbm, noise, smoothstep } from '../lib/noise.ts';
import type { Size } from '../lib/raster.ts';
import { Raster } from '../lib/raster.ts';
import { Random } from '../lib/random.ts';
import type { Picture } from '../picture.ts';

/** A convex facet: the inside of a few half planes, or of a disc, in picture heights. */
interface Facet {
  edges: readonly { nx: number; ny: number; offset: number }[];
  disc: { x: number; y: number; radius: number } | undefined;
  colour: Rgb;
  fade: Rgb;
  opacity: number;
  /** The edge the shading starts from, and how far it reaches. */
  lead: number;
  reach: number;
  seed: number;
  grain: number;
}

const PALETTE = [
  '#d8481e',
  '#f08a24',
  '#f3c14b',
  '#f2e3c2',
  '#1f6f78',
  '#14405c',
  '#0d1f33',
  '#7a2437',
  '#a9b8a2',
  '#c98f52',
  '#2f9a94',
  '#5a3a6a',
].map(hex);

export const shards: Picture = {
  id: 'shards',
  kind: 'style',
  width: 560,
  height: 640,
  paint: paintShards,
};

function paintShards(size: Size): Raster {
  const facets = compose(size.width / size.height);
  return Raster.from(size, (px, py) => {
    const x = (px + 0.5) / size.height;
    const y = (py + 0.5) / size.height;
    return varnish(layered(x, y, facets, 1 / size.height), x, y);
  });
}

/** Big quiet facets first, then smaller and crisper ones that gather along a rising diagonal. */
function compose(aspect: number): Facet[] {
  const random = new Random(5);
  const facets: Facet[] = [];
  for (const [count, size, opacity] of [
    [26, 0.38, 0.95],
    [66, 0.2, 0.96],
    [80, 0.115, 0.97],
    [44, 0.06, 1],
  ] as const) {
    for (let i = 0; i < count; i++) {
      const along = random.next();
      const spread = size > 0.15 ? 0.6 : 0.34;
      const x = aspect * (0.12 + 0.76 * along) + random.spread() * spread * 0.8;
      const y = 0.95 - 0.9 * along + random.spread() * spread;
      facets.push(facet(x, y, size * random.range(0.6, 1.4), opacity, random));
    }
  }
  return facets;
}

function facet(x: number, y: number, size: number, opacity: number, random: Random): Facet {
  const sides = random.pick([3, 3, 4, 4, 5]);
  // Most facets share a few directions, which is what holds the picture together.
  const turn = random.pick([0.35, 1.2, 2.1, -0.5]) + random.spread() * 0.18;
  const edges = Array.from({ length: sides }, (_, i) => {
    const angle = turn + ((i + random.spread() * 0.22) / sides) * 2 * Math.PI;
    const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
    return { nx, ny, offset: nx * x + ny * y + size * random.range(0.35, 1) };
  });
  const colour = random.pick(PALETTE);
  const disc = random.chance(0.16)
    ? { x, y: y + size * 0.4, radius: size * random.range(0.6, 1) }
    : undefined;
  return {
    edges,
    disc,
    colour: scale(turnHue(colour, random.spread() * 0.14), random.range(0.85, 1.12)),
    fade: mix(random.pick(PALETTE), colour, 0.25),
    opacity: opacity * random.range(0.8, 1.1),
    lead: Math.floor(random.next() * sides),
    reach: size * random.range(0.7, 1.5),
    seed: random.range(0, 500),
    grain: random.range(0, Math.PI),
  };
}

function layered(x: number, y: number, facets: readonly Facet[], pixel: number): Rgb {
  let colour = mix(hex('#c9a36a'), hex('#3d5a66'), clamp(y + 0.3 * noise(x * 3, y * 3)));
  const wobbleX = x + 0.0022 * noise(x * 22, y * 22);
  const wobbleY = y + 0.0022 * noise(x * 22 + 50, y * 22);
  for (const shape of facets) {
    const depth = insideBy(shape, wobbleX, wobbleY);
    if (depth < -pixel * 2) continue;
    colour = lay(colour, shape, x, y, depth, pixel);
  }
  return colour;
}

function insideBy({ edges, disc }: Facet, x: number, y: number): number {
  let depth = disc ? disc.radius - Math.hypot(x - disc.x, y - disc.y) : Infinity;
  for (const { nx, ny, offset } of edges) depth = Math.min(depth, offset - nx * x - ny * y);
  return depth;
}

/** One facet over what is below: bright at its leading edge, melting away from it, drawn round in dark. */
function lay(under: Rgb, shape: Facet, x: number, y: number, depth: number, pixel: number): Rgb {
  const first = shape.edges[shape.lead]!;
  const from = (first.offset - first.nx * x - first.ny * y) / shape.reach;
  const c = Math.cos(shape.grain);
  const s = Math.sin(shape.grain);
  const u = x * c + y * s;
  const v = y * c - x * s;
  const bristle = noise(u * 14 + shape.seed, v * 150) + 0.6 * noise(u * 40, v * 320 + shape.seed);
  const dab = fbm(u * 22 + shape.seed, v * 34, 3);
  const blend = clamp(from + 0.22 * dab);
  const body = scale(
    mix(shape.colour, shape.fade, blend),
    1.2 - 0.42 * blend + 0.14 * bristle + 0.14 * dab,
  );
  const cover = shape.opacity * (1 - 0.6 * smoothstep(0.55, 1.25, from + 0.18 * dab));
  const inside = smoothstep(-pixel, pixel, depth);
  const painted = mix(under, body, clamp(cover) * inside);
  const light = smoothstep(0.016, 0.003, depth) * smoothstep(0.45, 0, from) * inside * 0.4;
  const pressure = 0.45 + 0.55 * noise(x * 16 + shape.seed, y * 16);
  const line =
    smoothstep(pixel * 2.1, pixel * 0.5, Math.abs(depth)) * clamp(pressure + cover * 0.4);
  return mix(mix(painted, hex('#fff1d2'), light), hex('#140f16'), clamp(line * 0.85));
}

function varnish(colour: Rgb, x: number, y: number): Rgb {
  const weave = 0.03 * Math.sin(x * 1150) * Math.sin(y * 1150);
  const ground = 0.06 * fbm(x * 60, y * 60, 3);
  return saturate(scale(colour, 1.04 + weave + ground), 1.25);
}
