import { random } from '../../web/engine/random.ts';
import { toPixels, type Pixels, type Planes } from '../../web/engine/pipeline/pixels.ts';

/** A picture of waves, discs and grain, RGB 0..1: busy enough for a network to look at, the same on every machine. */
export function scene(width: number, height: number, seed: number): Planes {
  const next = random(seed);
  const waves = Array.from({ length: 9 }, () => ({
    fx: (next() - 0.5) * 0.8,
    fy: (next() - 0.5) * 0.8,
    phase: next() * 6.3,
    channel: Math.floor(next() * 3),
  }));
  const discs = Array.from({ length: 6 }, () => ({
    x: next() * width,
    y: next() * height,
    r: (0.08 + 0.2 * next()) * width,
    colour: [next(), next(), next()],
  }));
  const data = new Float32Array(3 * width * height);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let value = 0.5;
        for (const wave of waves) {
          const strength = wave.channel === c ? 0.16 : 0.06;
          value += strength * Math.sin(wave.fx * x + wave.fy * y + wave.phase);
        }
        for (const disc of discs) {
          if ((x - disc.x) ** 2 + (y - disc.y) ** 2 < disc.r ** 2)
            value = 0.4 * value + 0.6 * disc.colour[c]!;
        }
        value += 0.06 * (next() - 0.5);
        data[(c * height + y) * width + x] = Math.min(1, Math.max(0, value));
      }
    }
  }
  return { width, height, channels: 3, data };
}

/** The same as an opaque picture. */
export function picture(width: number, height: number, seed: number): Pixels {
  const rgb = scene(width, height, seed);
  const data = Float32Array.from([...rgb.data, ...new Float32Array(width * height).fill(1)]);
  return toPixels(rgb.data, { ...rgb, channels: 4, data });
}
