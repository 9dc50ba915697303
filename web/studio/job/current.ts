/** The job of this tab and its line to the bridge. Kept out of signals, so that the secret comes near no element. */
import { formatJobLink, type JobKey } from '../../../shared/deeplink.ts';
import { openOutside } from '../../job/telegram.ts';
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

/** The link for another browser, made when it is asked for. */
export const jobLink = (): string => formatJobLink(base, now!);

/** Out of Telegram's own browser, into the person's. */
export const openInBrowser = (): void => openOutside(jobLink());
