/** Wishes in the page's address, for tests and for trying things: `?backend=wasm&size=128&steps=20&measure=0`. */
import { LIMITS } from '../../../shared/settings.ts';
import type { BackendWish } from '../../worker/contract.ts';

export interface Wishes {
  /** null: as the person chose. */
  readonly backend: BackendWish | null;
  readonly size: number | null;
  readonly steps: number | null;
  /** Measure the device's pace when the page is idle. */
  readonly measure: boolean;
}

function whole(text: string | null, { min, max }: { min: number; max: number }): number | null {
  const value = text === null ? NaN : Number(text);
  return Number.isInteger(value) && value >= min && value <= max ? value : null;
}

export function readWishes(search: string): Wishes {
  const query = new URLSearchParams(search);
  const backend = query.get('backend');
  return {
    backend: backend === 'wasm' || backend === 'webgpu' ? backend : null,
    size: whole(query.get('size'), LIMITS.size),
    steps: whole(query.get('steps'), LIMITS.steps),
    measure: query.get('measure') !== '0',
  };
}
