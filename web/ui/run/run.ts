/** The run of now: from the button to the picture, by way of pause, stop and start again. */
import { batch, computed, signal } from '@preact/signals';
import type { Painted } from '../../worker/client.ts';
import type { Pixels, Progress, Report, StepLosses } from '../../worker/face.ts';
import { kindOf } from '../../worker/faults.ts';
import { dismiss } from '../easel/notice.ts';
import { photo } from '../pick/picked.ts';
import { capabilities, currentEngine } from './engine.ts';
import { learn } from './estimate.ts';
import { explainFailure } from './failure.ts';
import { sameJob, toRequest, wanted, type Job } from './job.ts';
import { Pace, type Speed } from './pace.ts';

export type Phase = 'ready' | 'loading' | 'painting' | 'paused' | 'stopping' | 'done';

export interface Result {
  readonly image: Pixels;
  readonly steps: number;
  readonly seconds: number;
  /** whole: all steps taken; stopped: the best so far; cut: the last preview. */
  readonly end: 'whole' | 'stopped' | 'cut';
}

const state = signal<Phase>('ready');
export const job = signal<Job | null>(null);
export const download = signal<{ readonly loaded: number; readonly total: number } | null>(null);
export const progress = signal<Progress | null>(null);
export const speed = signal<Speed | null>(null);
export const losses = signal<readonly StepLosses[]>([]);
export const preview = signal<Pixels | null>(null);
export const result = signal<Result | null>(null);
/** A finished picture waits while another photo is on the easel, and is there again with its own. */
export const phase = computed<Phase>(() => {
  const elsewhere = state.value === 'done' && photo.value?.id !== job.value?.photo.id;
  return elsewhere ? 'ready' : state.value;
});

/** The picture to show and what made it, when there is one for the photo on the easel. */
export const finished = computed(() => {
  const [made, by] = [result.value, job.value];
  return phase.value === 'done' && made && by ? { result: made, job: by } : null;
});

export const running = computed(() => phase.value !== 'ready' && phase.value !== 'done');
/** The choices are no longer those of the run under way. */
export const outdated = computed(() => running.value && !sameJob(job.value, wanted.value));

let stopper = new AbortController();
/** A restart waits for the end of the run; stopping meanwhile calls it off. */
let waiting = new AbortController();
let underWay: Promise<void> = Promise.resolve();
let pace = new Pace();

export function repaint(): void {
  const next = wanted.value;
  if (next && !running.value) underWay = paint(next);
}

export async function restart(): Promise<void> {
  stop();
  const { signal: calledOff } = (waiting = new AbortController());
  await underWay;
  if (!calledOff.aborted) repaint();
}

export function pause(): void {
  if (phase.value !== 'painting') return;
  currentEngine().pause();
  state.value = 'paused';
}

export function resume(): void {
  if (phase.value !== 'paused') return;
  currentEngine().resume();
  state.value = 'painting';
}

/** The first time asks, the second time insists. */
export function stop(): void {
  if (!running.value) return;
  waiting.abort();
  if (phase.value === 'stopping') currentEngine().kill();
  state.value = 'stopping';
  stopper.abort();
}

/** Back to the photo. */
export function reset(): void {
  batch(() => {
    state.value = 'ready';
    job.value = null;
    download.value = null;
    progress.value = null;
    speed.value = null;
    losses.value = [];
    preview.value = null;
    result.value = null;
  });
}

async function paint(next: Job): Promise<void> {
  const { signal: stopped } = (stopper = new AbortController());
  pace = new Pace();
  const started = performance.now();
  batch(() => {
    reset();
    dismiss();
    job.value = next;
    state.value = 'loading';
  });
  try {
    const request = await toRequest(next);
    const painted = await currentEngine().stylize(stopped, request, hear);
    finish(next, painted, (performance.now() - started) / 1000);
  } catch (error) {
    reset();
    if (kindOf(error) !== 'cancelled') explainFailure(error, next, repaint);
  }
}

function hear(report: Report): void {
  batch(() => {
    if (report.kind === 'backend') capabilities.value = report.capabilities;
    else if (report.kind === 'download') download.value = report;
    else hearProgress(report.progress);
  });
}

function hearProgress(news: Progress): void {
  progress.value = news;
  speed.value = pace.note(news);
  if (news.losses.length > 0) losses.value = [...losses.value, ...news.losses];
  if (news.preview) preview.value = news.preview;
  if (state.value === 'loading' && news.phase === 'painting') state.value = 'painting';
}

function finish(next: Job, painted: Painted, seconds: number): void {
  const { image, finished: whole } = painted;
  const steps = losses.value.length;
  if (whole && capabilities.value) {
    const area = image.width * image.height;
    learn(capabilities.value.backend, next.network.id, seconds, area, next.settings);
  }
  batch(() => {
    result.value = {
      image,
      steps,
      seconds,
      end: painted.cutShort ? 'cut' : whole ? 'whole' : 'stopped',
    };
    state.value = 'done';
  });
}
