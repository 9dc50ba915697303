/** The job of this tab and its line to the bridge. Kept out of signals, so that the secret comes near no element. */
import type { JobKey } from '../../../shared/deeplink.ts';
import type { JobClient } from '../../job/protocol.ts';

export interface Current extends JobKey {
  readonly initData: string | null;
  readonly client: JobClient;
}

/** The page's address, beside which the API lies. */
export const base = new URL('.', document.baseURI).href;

let now: Current | null = null;

export const current = (): Current | null => now;

export function setCurrent(next: Current): void {
  now = next;
}
