// The photographic end of the rendered scenes: supersampling, bloom, tone curve, vignette, grain.
import type { Rgb } from './colour.ts';
import { encode, luma, mix, plus, saturate, scale } from './colour.ts';
import { noise, smoothstep } from './noise.ts';
import type { Size } from './raster.ts';
import { Raster } from './raster.ts';
import { hash, Random } from './random.ts';

export type Shader = (u: number, v: number, random: Random) => Rgb;

/**
 * Averages grid x grid jittered samples a pixel. The shader sees u and v from the centre, v up, with
 * the picture's height as the unit. Each sample is capped so that no single one leaves a speck.
 */
export function expose(size: Size, grid: number, shade: Shader): Raster {
  const { width, height } = size;
  const random = new Random(width * 31 + height);
  return Raster.from(size, (x, y) => {
    let sum: Rgb = [0, 0, 0];
    for (let i = 0; i < grid * grid; i++) {
      const px = x + ((i % grid) + random.next()) / grid;
      const py = y + (Math.floor(i / grid) + random.next()) / grid;
      const sample = shade((px - width / 2) / height, (height / 2 - py) / height, random);
      sum = plus(sum, scale(sample, Math.min(1, 12 / (luma(sample) + 1e-6))));
    }
    return scale(sum, 1 / (grid * grid));
  });
}

export interface Look {
  exposure: number;
  bloom: number;
  vignette: number;
  grain: number;
  saturation: number;
}

/** Turns linear light into a finished print. */
export function develop(light: Raster, look: Look): Raster {
  const { width, height } = light;
  const glow = light.map((c) => scale(c, smoothstep(0.8, 2.4, luma(c)))).blurred(height * 0.02);
  const wide = glow.blurred(height * 0.06);
  return light.map((colour, x, y) => {
    const halo = mix(glow.get(x, y), wide.get(x, y), 0.6);
    const u = (x - width / 2) / Math.max(width, height);
    const v = (y - height / 2) / Math.max(width, height);
    const falloff = 1 - look.vignette * smoothstep(0.2, 0.75, Math.hypot(u, v));
    const lit = scale(plus(colour, scale(halo, look.bloom)), look.exposure * falloff);
    const print = saturate([curve(lit[0]), curve(lit[1]), curve(lit[2])], look.saturation);
    const fine = hash(x, y, 5) + hash(x, y, 6) - 1;
    const speck = (fine * 0.6 + noise(x * 0.6, y * 0.6) * 0.5) * look.grain;
    return [print[0] + speck, print[1] + speck, print[2] + speck];
  });
}

/** A filmic shoulder in linear light, then the display curve with a touch of toe. */
function curve(light: number): number {
  const value = Math.max(0, light);
  const rolled = (value * (1 + value * 0.06)) / (1 + value * 0.85);
  const shown = encode(Math.min(1, rolled));
  return shown * 0.5 + 0.5 * shown * shown * (3 - 2 * shown);
}
