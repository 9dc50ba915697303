/** How the run of now stands, as signals: whoever shows something of it reads these. */
import { batch, computed, signal } from '@preact/signals-core';
import type { ModelEntry, Pixels, Progress, StepLosses } from '../../worker/contract.ts';
import { photo } from '../pictures/picked.ts';
import { sameJob, wanted, type Job } from './wish.ts';
import type { Speed } from './pace.ts';

export type { Progress, StepLosses };

export type Phase = 'ready' | 'loading' | 'painting' | 'paused' | 'enlarging' | 'stopping' | 'done';

/** What one network made of the job. */
export interface Painting {
  readonly network: ModelEntry;
  readonly image: Pixels;
  /** The same, enlarged by the upscaler. */
  readonly large: Pixels | null;
  readonly steps: number;
  /** Of work: preparation and steps, without pauses. */
  readonly seconds: number;
  readonly losses: readonly StepLosses[];
  /** whole: all steps taken; stopped: the best so far; cut: the last preview. */
  readonly end: 'whole' | 'stopped' | 'cut';
}

export interface Result {
  /** One a network, in the order of the job. */
  readonly paintings: readonly Painting[];
}

/** A run is a row of stages: a painting a network, then an enlargement each. */
export interface Stage {
  readonly index: number;
  readonly count: number;
  readonly model: ModelEntry;
}

export const state = signal<Phase>('ready');
export const job = signal<Job | null>(null);
export const stage = signal<Stage | null>(null);
export const download = signal<{ readonly loaded: number; readonly total: number } | null>(null);
/** Of the painting. */
export const progress = signal<Progress | null>(null);
/** Of the enlargement. */
export const tiles = signal<{ readonly done: number; readonly total: number } | null>(null);
export const speed = signal<Speed | null>(null);
/** Of the painting under way. */
export const losses = signal<readonly StepLosses[]>([]);
export const preview = signal<Pixels | null>(null);
export const result = signal<Result | null>(null);

/** A finished picture waits while another photo is on the easel, and is there again with its own. */
export const phase = computed<Phase>(() => {
  const elsewhere = state.value === 'done' && photo.value?.id !== job.value?.photo.id;
  return elsewhere ? 'ready' : state.value;
});

/** The pictures to show and what made them, when there are some for the photo on the easel. */
export const finished = computed(() => {
  const [made, by] = [result.value, job.value];
  return phase.value === 'done' && made && by ? { result: made, job: by } : null;
});

export const running = computed(() => phase.value !== 'ready' && phase.value !== 'done');
/** The choices are no longer those of the run under way. */
export const outdated = computed(() => running.value && !sameJob(job.value, wanted.value));

/** 0..1 of the whole run, all stages together. */
export const fraction = computed(() => {
  if (!running.value || !stage.value) return 0;
  const { index, count } = stage.value;
  const part =
    tiles.value ?? (progress.value && { done: progress.value.step, total: progress.value.steps });
  return (index + (part ? part.done / part.total : 0)) / count;
});

/** A new stage begins with nothing known of it. */
export function enter(next: Stage): void {
  batch(() => {
    stage.value = next;
    download.value = null;
    progress.value = null;
    tiles.value = null;
    speed.value = null;
    losses.value = [];
  });
}

/** Back to the photo. */
export function reset(): void {
  batch(() => {
    state.value = 'ready';
    job.value = null;
    stage.value = null;
    download.value = null;
    progress.value = null;
    tiles.value = null;
    speed.value = null;
    losses.value = [];
    preview.value = null;
    result.value = null;
  });
}
