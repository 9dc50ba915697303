// Colours as three numbers: hex in, mixing, shifting; display values unless named linear.
import { clamp } from './noise.ts';

export type Rgb = readonly [number, number, number];

export const BLACK: Rgb = [0, 0, 0];

const parsed = new Map<string, Rgb>();
const decoded = new Map<string, Rgb>();

export function hex(code: string): Rgb {
  return remember(parsed, code, parse);
}

/** A hex colour in linear light, for scenes that are lit. */
export function linear(code: string): Rgb {
  return remember(decoded, code, (text) => {
    const [r, g, b] = parse(text);
    return [decode(r), decode(g), decode(b)];
  });
}

/** Shaders name colours at every pixel, so each code is worked out once. */
function remember(known: Map<string, Rgb>, code: string, work: (code: string) => Rgb): Rgb {
  const found = known.get(code);
  if (found) return found;
  const colour = work(code);
  known.set(code, colour);
  return colour;
}

function parse(code: string): Rgb {
  const value = Number.parseInt(code.replace('#', ''), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

function decode(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

export function encode(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

export function scale(colour: Rgb, factor: number): Rgb {
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
}

export function plus(a: Rgb, b: Rgb): Rgb {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function times(a: Rgb, b: Rgb): Rgb {
  return [a[0] * b[0], a[1] * b[1], a[2] * b[2]];
}

export function luma(colour: Rgb): number {
  return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
}

/** Pushes a colour away from its grey (amount > 1) or towards it (amount < 1). */
export function saturate(colour: Rgb, amount: number): Rgb {
  const grey = luma(colour);
  return mix([grey, grey, grey], colour, amount);
}

/** Turns the hue by an angle about the grey axis. */
export function turnHue(colour: Rgb, angle: number): Rgb {
  const c = Math.cos(angle);
  const s = Math.sin(angle) / Math.sqrt(3);
  const k = (1 - c) / 3;
  const [r, g, b] = colour;
  return [
    r * (c + k) + g * (k - s) + b * (k + s),
    r * (k + s) + g * (c + k) + b * (k - s),
    r * (k - s) + g * (k + s) + b * (c + k),
  ];
}

/** Reads a ramp of evenly spaced colours at t in 0..1. */
export function ramp(stops: readonly Rgb[], t: number): Rgb {
  const position = clamp(t) * (stops.length - 1);
  const index = Math.min(Math.floor(position), stops.length - 2);
  return mix(stops[index]!, stops[index + 1]!, position - index);
}
