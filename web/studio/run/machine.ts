/**
 * The one run machine: from the button to the picture, by way of pause, stop and start again. It alone writes the run's
 * state, aborts, measures the pace and drives the engine.
 */
import { batch } from '@preact/signals-core';
import type { Engine } from '../../worker/client.ts';
import type { Progress, Report } from '../../worker/contract.ts';
import { kindOf } from '../../worker/faults.ts';
import { capabilities, currentEngine } from '../engine/engine.ts';
import { dismiss } from '../notice/notice.ts';
import { explainFailure } from './failure.ts';
import { newOrder, worthOf, type Order } from './order.ts';
import { Pace } from './pace.ts';
import { copyOf, type Painting } from './painting.ts';
import { enlargeAll, paintAll, type Bench } from './stages.ts';
import {
  finished,
  isWorking,
  NOTHING_HEARD,
  READY,
  state,
  type Done,
  type Heard,
  type Stage,
  type Working,
} from './state.ts';
import { forget, forgetCheckpoint, forgetOrOffer, holdOrder, keep, noteKept } from './store.ts';
import { toTask, wanted, type Wish } from './wish.ts';

/** Hears of finished pictures. Resolves once they are safe with it: until then the run's own copy stays. */
type Finishing = (done: Done) => Promise<void>;

/** A wish as a task for the worker. */
type ToTask = typeof toTask;

export class RunMachine {
  readonly #engine: () => Engine;
  readonly #toTask: ToTask;
  readonly #finishing = new Set<Finishing>();
  #stopper = new AbortController();
  #pace = new Pace();
  /** A restart waits for the end of the run, which leaves nothing behind then; stopping meanwhile calls it off. */
  #restarting: AbortController | null = null;
  #underWay: Promise<void> = Promise.resolve();

  constructor(engine: () => Engine, task: ToTask) {
    this.#engine = engine;
    this.#toTask = task;
  }

  onFinished(listener: Finishing): void {
    this.#finishing.add(listener);
  }

  /** Begins an order, or goes on with one that was begun before. */
  start(order: Order): void {
    if (!isWorking(state.peek())) this.#underWay = this.#carryOut(order);
  }

  async restart(): Promise<void> {
    this.stop();
    const mine = (this.#restarting = new AbortController());
    await this.#underWay;
    if (mine.signal.aborted) return;
    this.#restarting = null;
    this.repaint();
  }

  repaint(): void {
    if (wanted.value) this.start(newOrder(wanted.value));
  }

  /** So many more steps, from the pictures that are there. */
  proceed(steps: number): void {
    const { value: now } = finished;
    if (!now) return;
    this.start({ ...newOrder(now.wish), further: { steps, from: now.paintings } });
  }

  /** Enlarges the pictures that are there. Cancelled or failed, they stay as they are. */
  enlarge(): void {
    const { value: now } = finished;
    if (now) this.#underWay = this.#enlargeMore(now);
  }

  pause(): void {
    if (state.peek().kind !== 'painting') return;
    this.#engine().pause();
    this.#change({ kind: 'paused' });
  }

  resume(): void {
    if (state.peek().kind !== 'paused') return;
    this.#engine().resume();
    this.#change({ kind: 'painting' });
  }

  /** The first time asks, the second time insists. */
  stop(): void {
    const { kind } = state.peek();
    if (!isWorking(state.peek())) return;
    this.#restarting?.abort();
    this.#restarting = null;
    if (kind === 'stopping') this.#engine().kill();
    this.#change({ kind: 'stopping' });
    this.#stopper.abort();
  }

  /** Back to the photo. */
  putAway(): void {
    if (state.peek().kind === 'done') state.value = READY;
  }

  async #carryOut(order: Order): Promise<void> {
    const { signal } = (this.#stopper = new AbortController());
    dismiss();
    const { wish: wished } = order;
    const stage: Stage = { index: 0, count: 1, model: wished.networks[0]! };
    state.value = { kind: 'loading', wish: wished, stage, heard: NOTHING_HEARD, preview: null };
    const release = await holdOrder(order);
    let reached = order;
    let safe: Promise<unknown> = Promise.resolve();
    try {
      await keep(order);
      const bench = this.#bench(signal, 'loading');
      const paintings = await paintAll(order, bench, (now) => (reached = now));
      const wish = this.#wish() ?? order.wish;
      const enlarging = wish.upscaler !== null && !signal.aborted;
      const last = enlarging
        ? await this.#tryToEnlarge(wish, paintings, signal, wish.networks.length)
        : paintings;
      if (this.#restarting) state.value = READY;
      else safe = this.#show(wish, last);
      void safe
        .then(
          () => forget(order),
          () => undefined,
        )
        .finally(release);
    } catch (error) {
      const wish = this.#wish() ?? order.wish;
      state.value = READY;
      const left = worthOf(reached);
      if (left.length > 0) void this.#show(wish, left);
      if (kindOf(error) === 'cancelled') await forgetOrOffer(order);
      else this.#explain(error, { ...reached, wish });
      release();
    }
  }

  async #enlargeMore({ wish, paintings }: Done): Promise<void> {
    const { signal } = (this.#stopper = new AbortController());
    dismiss();
    void this.#show(wish, await this.#tryToEnlarge(wish, paintings, signal, 0));
  }

  async #tryToEnlarge(
    wish: Wish,
    paintings: readonly Painting[],
    signal: AbortSignal,
    before: number,
  ): Promise<readonly Painting[]> {
    let now = paintings;
    const first = paintings[0]!;
    const stage = { index: before, count: before + 1, model: first.network };
    state.value = { kind: 'enlarging', wish, stage, heard: NOTHING_HEARD, preview: first.image };
    try {
      const bench = this.#bench(signal, 'enlarging');
      await enlargeAll(wish, paintings, bench, before, (enlarged) => (now = enlarged));
    } catch (error) {
      if (kindOf(error) !== 'cancelled')
        explainFailure(error, wish, {
          again: () => this.enlarge(),
          anew: () => this.repaint(),
        });
    }
    return now;
  }

  #explain(error: unknown, order: Order): void {
    const again = () => this.start(order);
    explainFailure(error, order.wish, {
      // A checkpoint that does not fit would not fit again.
      again:
        kindOf(error) === 'unfit-checkpoint'
          ? () => void forgetCheckpoint(order).then(again)
          : again,
      anew: () => this.repaint(),
    });
  }

  #bench(signal: AbortSignal, kind: 'loading' | 'enlarging'): Bench {
    const hear = (report: Report) => this.#hear(report);
    return {
      signal,
      enter: (stage) =>
        this.#change({ stage, heard: NOTHING_HEARD, ...(!signal.aborted && { kind }) }),
      change: (wish) => this.#change({ wish }),
      heard: () => this.#heard(),
      task: this.#toTask,
      stylize: (task) => {
        this.#pace = new Pace();
        return this.#engine().stylize(signal, task, hear);
      },
      upscale: (task) => {
        this.#change({ preview: task.image });
        return this.#engine().upscale(signal, { ...task, image: copyOf(task.image) }, hear);
      },
    };
  }

  #change(changes: Partial<Working>): void {
    const now = state.peek();
    if (isWorking(now)) state.value = { ...now, ...changes };
  }

  #wish(): Wish | null {
    const now = state.peek();
    return isWorking(now) ? now.wish : null;
  }

  #heard(): Heard {
    const now = state.peek();
    return isWorking(now) ? now.heard : NOTHING_HEARD;
  }

  /** Resolves once everybody who keeps finished pictures has them. */
  async #show(wish: Wish, paintings: readonly Painting[]): Promise<void> {
    const done: Done = { kind: 'done', wish, paintings };
    state.value = done;
    await Promise.all([...this.#finishing].map((listener) => listener(done)));
  }

  #hear(report: Report): void {
    batch(() => {
      switch (report.kind) {
        case 'backend':
          capabilities.value = report.capabilities;
          break;
        case 'download':
          this.#change({ heard: { ...this.#heard(), download: report } });
          break;
        case 'progress':
          this.#hearProgress(report.progress);
          break;
        case 'kept':
          noteKept(report.problem);
          break;
        case 'tiles':
          this.#change({ heard: { ...this.#heard(), tiles: report } });
      }
    });
  }

  #hearProgress(news: Progress): void {
    const before = this.#heard();
    const heard: Heard = {
      ...before,
      progress: news,
      speed: this.#pace.note(news),
      losses: news.losses.length > 0 ? [...before.losses, ...news.losses] : before.losses,
    };
    const begins = state.peek().kind === 'loading' && news.phase === 'painting';
    this.#change({
      heard,
      ...(news.preview && { preview: news.preview }),
      ...(begins && { kind: 'painting' as const }),
    });
  }
}

export const machine = new RunMachine(currentEngine, toTask);
