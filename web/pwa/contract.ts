/** What the page and its service worker say to each other. */
import type { BuildName } from '../worker/build.ts';

export type ToServiceWorker =
  /** The page is idle: time to keep the runtime that this browser uses, if there is one to keep, and to tidy up. */
  | { readonly kind: 'settled'; readonly build: BuildName | null }
  /** The person accepted the new version. */
  | { readonly kind: 'take-over' };

/** The answer to `settled`: whether everything asked for is kept. */
export type Settled = boolean;
