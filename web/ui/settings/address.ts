/** Wishes in the page's address, for tests and for trying things: `?backend=wasm&size=128&steps=20`. */
import { LIMITS } from '../../../shared/settings.ts';
import type { BackendWish } from '../../worker/face.ts';

export interface Wishes {
  readonly backend: BackendWish;
  readonly size: number | null;
  readonly steps: number | null;
}

function whole(text: string | null, { min, max }: { min: number; max: number }): number | null {
  const value = text === null ? NaN : Number(text);
  return Number.isInteger(value) && value >= min && value <= max ? value : null;
}

export function readWishes(search: string): Wishes {
  const query = new URLSearchParams(search);
  const backend = query.get('backend');
  return {
    backend: backend === 'wasm' || backend === 'webgpu' ? backend : 'auto',
    size: whole(query.get('size'), LIMITS.size),
    steps: whole(query.get('steps'), LIMITS.steps),
  };
}
