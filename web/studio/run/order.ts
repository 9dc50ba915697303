/** A wish on its way: it can be interrupted at any time and gone on with. */
import type { Painting } from './painting.ts';
import type { Wish } from './wish.ts';

export interface Order {
  readonly id: string;
  readonly wish: Wish;
  /** Finished before the order was interrupted. */
  readonly done: readonly Painting[];
  /** So many more steps, from these pictures, one a network; null to begin anew. */
  readonly further: { readonly steps: number; readonly from: readonly Painting[] } | null;
}

/** Its wish is its own, so that the same wishes twice are told apart. */
export const newOrder = (wish: Wish): Order => ({
  id: crypto.randomUUID(),
  wish: { ...wish },
  done: [],
  further: null,
});

/** What there is of it, whatever becomes of the rest: finished paintings, and those that were to be continued. */
export const worthOf = ({ done, further }: Order): readonly Painting[] => [
  ...done,
  ...(further?.from.slice(done.length) ?? []),
];

/** What its networks are asked for. A finished picture is at its full size, so no scales come before it. */
export const askedOf = ({ wish, further }: Order): Wish =>
  further ? { ...wish, settings: { ...wish.settings, steps: further.steps, scales: 1 } } : wish;
