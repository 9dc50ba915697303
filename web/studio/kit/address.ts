/**
 * Wishes in the page's address, for tests and for trying things: `?backend=wasm&ahead=0&memory=512`, and every setting by the
 * name that it has on the command line: `size=128&steps=20&optimizer=lbfgs`. What cannot be is passed over.
 */
import {
  FIELDS,
  flagOf,
  readSetting,
  withCompanions,
  type StyleSettings,
} from '../../../shared/settings.ts';
import type { BackendWish } from '../../worker/contract.ts';

export interface Wishes {
  /** null: as the person chose. */
  readonly backend: BackendWish | null;
  readonly settings: Partial<StyleSettings>;
  /** Do ahead, while the page is idle, what nobody has asked for yet: measure the device, read the photo. */
  readonly ahead: boolean;
  /** Most bytes on the device before a picture goes by tiles, given in MiB; null: as the engine thinks fit. */
  readonly memory: number | null;
}

function readSettings(query: URLSearchParams): Partial<StyleSettings> {
  const named = FIELDS.filter((field) => query.has(flagOf(field)));
  const each = named.map(
    (field) => [field, readSetting(field, query.get(flagOf(field))!)] as const,
  );
  return withCompanions(Object.fromEntries(each.filter(([, value]) => value !== undefined)));
}

export function readWishes(search: string): Wishes {
  const query = new URLSearchParams(search);
  const backend = query.get('backend');
  return {
    backend: backend === 'wasm' || backend === 'webgpu' ? backend : null,
    settings: readSettings(query),
    ahead: query.get('ahead') !== '0',
    memory: Number(query.get('memory')) > 0 ? Number(query.get('memory')) * 2 ** 20 : null,
  };
}
