/** How the run of now stands. Only the machine writes it; whoever shows something of it reads these signals. */
import { computed, signal } from '@preact/signals-core';
import type { ModelEntry, Pixels, Progress, StepLosses } from '../../worker/contract.ts';
import { photo } from '../pictures/picked.ts';
import type { Speed } from './pace.ts';
import type { Painting } from './painting.ts';
import { sameWish, wanted, type Wish } from './wish.ts';

export type { Painting, Progress, StepLosses };

/** A run is a row of stages: a painting a network, then an enlargement each. */
export interface Stage {
  readonly index: number;
  readonly count: number;
  readonly model: ModelEntry;
}

/** What has been heard of a stage so far. */
export interface Heard {
  readonly download: { readonly loaded: number; readonly total: number } | null;
  /** Of a painting. */
  readonly progress: Progress | null;
  readonly speed: Speed | null;
  readonly losses: readonly StepLosses[];
  /** Of an enlargement. */
  readonly tiles: { readonly done: number; readonly total: number } | null;
}

export const NOTHING_HEARD: Heard = {
  download: null,
  progress: null,
  speed: null,
  losses: [],
  tiles: null,
};

export interface Working {
  readonly kind: 'loading' | 'painting' | 'paused' | 'enlarging' | 'stopping';
  /** As wished, but for a size that turned out to be too large. */
  readonly wish: Wish;
  readonly stage: Stage;
  readonly heard: Heard;
  readonly preview: Pixels | null;
}

export interface Done {
  readonly kind: 'done';
  readonly wish: Wish;
  /** One a network, in the order of the wish. */
  readonly paintings: readonly Painting[];
}

export type RunState = { readonly kind: 'ready' } | Working | Done;
export type Phase = RunState['kind'];

export const READY: RunState = { kind: 'ready' };

export const state = signal<RunState>(READY);

export const isWorking = (one: RunState): one is Working =>
  one.kind !== 'ready' && one.kind !== 'done';

/** A finished picture waits while another photo is on the easel, and is there again with its own. */
const seen = computed<RunState>(() => {
  const { value: now } = state;
  return now.kind === 'done' && photo.value?.id !== now.wish.photo.id ? READY : now;
});

export const phase = computed<Phase>(() => seen.value.kind);

/** The pictures to show and what made them, when there are some for the photo on the easel. */
export const finished = computed<Done | null>(() =>
  seen.value.kind === 'done' ? seen.value : null,
);

const working = computed(() => (isWorking(state.value) ? state.value : null));

export const running = computed(() => working.value !== null);
/** What the run under way, or the picture that is there, was asked to be. */
export const asked = computed(() => (state.value.kind === 'ready' ? null : state.value.wish));
/** The choices are no longer those of the run under way. */
export const outdated = computed(
  () => working.value !== null && !sameWish(working.value.wish, wanted.value),
);

export const stage = computed(() => working.value?.stage ?? null);
export const preview = computed(() => working.value?.preview ?? null);
const heard = computed(() => working.value?.heard ?? NOTHING_HEARD);
export const download = computed(() => heard.value.download);
export const progress = computed(() => heard.value.progress);
export const tiles = computed(() => heard.value.tiles);
export const speed = computed(() => heard.value.speed);
export const losses = computed(() => heard.value.losses);

/** 0..1 of the whole run, all stages together. */
export const fraction = computed(() => {
  if (!working.value) return 0;
  const { index, count } = working.value.stage;
  const { tiles, progress } = working.value.heard;
  const part = tiles ?? (progress && { done: progress.step, total: progress.steps });
  return (index + (part ? part.done / part.total : 0)) / count;
});
