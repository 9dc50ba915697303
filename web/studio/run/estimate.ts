/** "About 40 s on this device": from a short measurement and the networks' known costs, corrected by every finished run. */
import { computed, signal } from '@preact/signals-core';
import * as v from 'valibot';
import {
  bytesInOnePiece,
  HELD_BY_ADAM,
  heldByLbfgs,
  MEMORY_BUDGETS,
} from '../../../shared/memory.ts';
import type { Cost } from '../../../shared/models.ts';
import { pyramid } from '../../../shared/pyramid.ts';
import type { StyleSettings } from '../../../shared/settings.ts';
import { recallAs } from '../kit/kept.ts';
import { remember } from '../../storage/memory.ts';
import { photo, styles } from '../pictures/picked.ts';
import { settings } from '../choices/choices.ts';
import { chosenNetworks, chosenUpscaler, findModel } from '../networks/networks.ts';
import { capabilities } from '../engine/engine.ts';

const positive = v.pipe(v.number(), v.finite(), v.minValue(0));

/** How fast a backend is here. */
const paceSchema = v.object({
  /** Seconds that every step takes, however small. */
  overhead: positive,
  /** Seconds a floating point operation. */
  perFlop: positive,
  /** By model: how much longer real runs took than that predicts. */
  factors: v.record(v.string(), positive),
});
export type DevicePace = v.InferOutput<typeof paceSchema>;

/** Paces of this visit, before those remembered from others. */
const learned = signal<Readonly<Record<string, DevicePace>>>({});
const keyOf = (backend: string) => `pace.${backend}.${capabilities.value?.threads ?? 1}`;

export function paceOf(backend: string): DevicePace | null {
  const key = keyOf(backend);
  return learned.value[key] ?? recallAs(key, paceSchema);
}

export function setPace(backend: string, pace: DevicePace): void {
  const key = keyOf(backend);
  learned.value = { ...learned.value, [key]: pace };
  remember(key, JSON.stringify(pace));
}

/** Measuring the targets and compiling the graph of a scale take about as long as so many steps. */
const PREPARATION = 3;

/** Seconds of a run, before any correction. */
function predict(
  { overhead, perFlop }: DevicePace,
  flops: number,
  area: number,
  settings: StyleSettings,
): number {
  return pyramid(settings).reduce((seconds, { size, steps }) => {
    const step = overhead + perFlop * flops * area * (size / settings.size) ** 2;
    return seconds + step * (steps + PREPARATION);
  }, 0);
}

/** Stands in for networks whose cost nobody knows: what it is off by, the first run teaches. */
const NOMINAL_FLOPS = 2e5;
const flopsOf = (model: string) => findModel(model)?.cost?.flops ?? NOMINAL_FLOPS;

/** A finished run counts as much as all those before it. */
export function learn(
  backend: string,
  model: string,
  seconds: number,
  area: number,
  settings: StyleSettings,
): void {
  const flops = flopsOf(model);
  const known = paceOf(backend);
  if (!known) {
    const perFlop =
      seconds / predict({ overhead: 0, perFlop: 1, factors: {} }, flops, area, settings);
    setPace(backend, { overhead: 0, perFlop, factors: { [model]: 1 } });
    return;
  }
  const factor = seconds / predict(known, flops, area, settings);
  const before = known.factors[model] ?? factor;
  setPace(backend, { ...known, factors: { ...known.factors, [model]: (before + factor) / 2 } });
}

/** Of the model's own runs, else of others here; null for a model of unknown cost that has never run. */
function factorOf({ factors }: DevicePace, model: string): number | null {
  const own = factors[model];
  if (own !== undefined) return own;
  if (!findModel(model)?.cost) return null;
  const others = Object.values(factors);
  return others.length === 0 ? 1 : others.reduce((sum, one) => sum + one, 0) / others.length;
}

/** Tiles overlap, so that some of the picture is enlarged twice. */
const TILE_OVERLAP = 1.3;

/** A step by tiles goes forward twice, and tiles overlap: 1.4 to 2.3 times as long as in one piece, by the network. */
const TILED_WORK = 1.8;

/** Pixels of the painting. */
export const area = computed<number | null>(() => {
  const { value: picture } = photo;
  if (!picture) return null;
  const { width, height } = picture;
  const { size } = settings.value;
  return size * size * (Math.min(width, height) / Math.max(width, height));
});

const seconds = computed<number | null>(() => {
  const [here, pixels] = [capabilities.value, area.value];
  const pace = here && paceOf(here.backend);
  if (!pace || pixels === null || chosenNetworks.value.length === 0) return null;
  let sum = 0;
  for (const { id } of chosenNetworks.value) {
    const factor = factorOf(pace, id);
    if (factor === null) return null;
    const cost = findModel(id)?.cost;
    const longer = cost && tiled(cost, pixels) ? TILED_WORK : 1;
    sum += factor * longer * predict(pace, flopsOf(id), pixels, settings.value);
    const upscaler = chosenUpscaler.value?.cost;
    if (upscaler) sum += pace.perFlop * upscaler.flops * pixels * TILE_OVERLAP;
  }
  return sum;
});

/** Three planes of float32. */
const BYTES_OF_AN_IMAGE = 3 * 4;
/** Pictures are handed over at up to twice the size, as bytes and as planes of float32. */
const BYTES_OF_PICTURES = 4 * (4 + 4 * 4);

const memoryOf = (cost: Cost, pixels: number) => {
  const { optimizer, history } = settings.value;
  const pictures = (1 + styles.value.length) * BYTES_OF_PICTURES;
  if (!tiled(cost, pixels)) return inOnePiece(cost, pixels) + pixels * pictures;
  const held = optimizer === 'lbfgs' ? heldByLbfgs(history) : HELD_BY_ADAM;
  return budget().tile + pixels * (held * BYTES_OF_AN_IMAGE + pictures);
};

/** Of the device, where it works at the whole picture at once. */
function inOnePiece(cost: Cost, pixels: number): number {
  const { optimizer, history } = settings.value;
  const pairs = optimizer === 'lbfgs' ? 2 * history : 0;
  return bytesInOnePiece(backend(), cost, pixels, pixels * pairs * BYTES_OF_AN_IMAGE);
}

const backend = () => capabilities.value?.backend ?? 'wasm';
const budget = () => MEMORY_BUDGETS[backend()];

const tiled = (cost: Cost, pixels: number): boolean => inOnePiece(cost, pixels) > budget().whole;

/** Of the greediest network. */
const bytes = computed<number | null>(() => {
  const costs = chosenNetworks.value.map(({ cost }) => cost);
  if (area.value === null || costs.length === 0) return null;
  const each = costs.map((cost) => (cost ? memoryOf(cost, area.value!) : NaN));
  const most = Math.max(...each);
  return Number.isNaN(most) ? null : most;
});

/** What the next run will take; null where that is not known. */
export const expected = computed(() => ({ seconds: seconds.value, bytes: bytes.value }));

/** WebAssembly's heap ends at 4 GB. */
const HEAP = 3.6e9;
/** Of its memory, a device can give a page about half. */
const SHARE = 0.5e9;

/** More than there is, or than is wise to ask for. */
export const tooMuch = computed(() => {
  // In GB, where the browser tells; 8 may be any amount above.
  const { deviceMemory = 8 } = navigator as { readonly deviceMemory?: number };
  const most = deviceMemory < 8 ? Math.min(HEAP, deviceMemory * SHARE) : HEAP;
  return bytes.value !== null && bytes.value > most;
});
