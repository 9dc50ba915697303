/** A mask at the size that is painted: which pixels each style covers, and which show the photo. */
import { LEFT, labelsOf, maskAt, type Mask } from '../../../../shared/mask.ts';
import type { Planes } from '../pixels.ts';
import { resampleValues } from '../resample.ts';
import { feathered, featherOf } from './feather.ts';

/** What one style covers. */
export interface Region {
  /** Index of its style. */
  readonly style: number;
  /** One plane, 0..1: how much of each pixel. */
  readonly cover: Planes;
  /** Its mean. */
  readonly share: number;
}

export interface Regions {
  readonly regions: readonly Region[];
  /** How much of the painting each pixel shows, 0..1; null: all of it everywhere. */
  readonly painted: Float32Array | null;
}

export function regionsAt(mask: Mask, width: number, height: number): Regions {
  const labels = labelsOf(mask);
  const regions = labels
    .filter((label) => label !== LEFT)
    .map((label): Region => {
      const cover = coverOf(mask, label, width, height);
      const share = cover.data.reduce((sum, part) => sum + part, 0) / (width * height);
      return { style: label - 1, cover, share };
    });
  if (!labels.includes(LEFT)) return { regions, painted: null };
  const left = maskAt(mask, width, height).labels.map((label) => Number(label === LEFT));
  const feather = featherOf(Math.max(width, height));
  return { regions, painted: feathered(left, width, height, feather) };
}

function coverOf({ labels, ...size }: Mask, label: number, width: number, height: number): Planes {
  const data = Float32Array.from(labels, (one) => Number(one === label));
  const own = { width: size.width, height: size.height, channels: 1, data };
  return size.width === width && size.height === height
    ? own
    : resampleValues('linear', own, width, height);
}

/** `painting` where it is painted, else `photo`; each of three planes. Exactly the photo where `painted` is 0. */
export function overPhoto(
  painting: Float32Array,
  photo: Float32Array,
  painted: Float32Array,
): Float32Array {
  const area = painted.length;
  const out = new Float32Array(3 * area);
  for (let i = 0; i < out.length; i++) {
    const part = painted[i % area]!;
    out[i] = part * painting[i]! + (1 - part) * photo[i]!;
  }
  return out;
}

/** Pictures, one for each region, as one: each where its region is. */
export function together(
  regions: readonly Region[],
  pictures: readonly Float32Array[],
  elsewhere: Float32Array,
): Float32Array {
  const area = regions[0]!.cover.data.length;
  const out = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    const covered = regions.reduce((sum, { cover }) => sum + cover.data[i]!, 0);
    for (let c = 0; c < 3; c++) {
      const at = c * area + i;
      out[at] = (1 - covered) * elsewhere[at]!;
      regions.forEach(({ cover }, k) => (out[at]! += cover.data[i]! * pictures[k]![at]!));
    }
  }
  return out;
}
