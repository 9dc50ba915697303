/** What the page knows of the Telegram job, as signals. */
import { computed, signal } from '@preact/signals-core';
import type { JobView } from '../../../shared/job.ts';
import type { Fetching } from '../../job/inputs.ts';
import type { Fate } from '../../storage/jobs.ts';
import { capabilities } from '../engine/engine.ts';

/** In place of the studio, while there is nothing to paint. */
export type Screen =
  | { readonly kind: 'asking' }
  | ({ readonly kind: 'fetching' } & Fetching)
  /** Of which the bridge, or nobody, says more. */
  | {
      readonly kind:
        'not-found' | 'not-yours' | 'expired' | 'cancelled' | 'dead' | 'delivered' | 'unreadable';
    }
  /** With a way on: try again, take it over. */
  | { readonly kind: 'unreachable' | 'elsewhere' | 'other-tab'; readonly act: () => void };

export const screen = signal<Screen | null>(null);

/** The job whose pictures are on the easel. */
export interface Brought {
  readonly id: string;
  readonly view: JobView;
}

export const brought = signal<Brought | null>(null);

/**
 * How its picture stands. `asks`: stopped early, so the person decides; `extra`: painted after the chat had its one;
 * `cancelled`: in the chat, meanwhile.
 */
export type Delivery =
  Fate | 'asks' | 'packing' | 'sending' | 'delivered' | 'dead' | 'extra' | 'cancelled';

export const delivery = signal<Delivery | null>(null);

/** What had to give way for Telegram's limits. */
export const eased = signal<'jpeg' | 'smaller' | null>(null);

/** The finished file, for those whom the chat does not get it. */
export const packed = signal<Blob | null>(null);

/** Opened in Telegram's own browser. */
export const inTelegram = signal(false);

/** And without a GPU there. */
export const cramped = computed(
  () => inTelegram.value && capabilities.value !== null && capabilities.value.backend === 'wasm',
);

/** The chat may still get a picture from here. */
export const awaited = computed(
  () =>
    brought.value !== null &&
    (delivery.value === null || ['asks', 'packing', 'waiting', 'sending'].includes(delivery.value)),
);
