/** Rounds in which every program takes its turn, so that whatever else the machine does hits all alike. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadavg } from 'node:os';
import type { Contestant, Maker, Place } from './contestants.ts';
import type { PlannedTask } from './plan.ts';
import type { Reply } from './task.ts';

export interface Measured {
  readonly maker: Maker;
  readonly place: Place;
  readonly threads: number;
  readonly name: string;
  readonly about: string;
  readonly warmUp: number;
  /** Timed steps, without the warm-up. */
  readonly ms: readonly number[];
  readonly median: number;
  readonly gflops: number;
  /** Processor time of a timed step over all threads; hardly changed by what else the machine does. */
  readonly cpuMs: number;
  /** Of every step, the warm-up's included. */
  readonly losses: readonly number[];
  readonly error: string | null;
}

export interface Result {
  readonly name: string;
  readonly gflop: number;
  /** Load average of the last minute, before and after. */
  readonly load: readonly [number, number];
  readonly programs: readonly Measured[];
  readonly agreement: Agreement | null;
}

export interface Agreement {
  readonly steps: number;
  /** Largest relative difference from the first program's loss after so many steps. */
  readonly difference: number;
}

export interface Protocol {
  readonly rounds: number;
  /** Timed seconds a program may take for a task; slow ones stop sooner, with fewer steps. */
  readonly seconds: number;
  readonly report: (line: string) => void;
}

const WARM_UP = 2;
/** One warm-up step is enough for a program this slow, in milliseconds. */
const SLOW = 10_000;
const FEWEST = 2;
const MOST_IN_A_ROUND = 8;
/** Milliseconds in which thread pools that spin for more work give up and sleep. */
const SETTLE = 150;

const settle = () => sleep(SETTLE);

class Runner {
  readonly contestant: Contestant;
  readonly #ms: number[] = [];
  readonly #losses: number[] = [];
  #about = '';
  #error: string | null = null;
  #warmUp = 0;
  #cpuMs = 0;
  #estimate = 0;

  constructor(contestant: Contestant) {
    this.contestant = contestant;
  }

  async prepare(planned: PlannedTask): Promise<void> {
    const reply = await this.contestant.link.ask({ do: 'prepare', task: planned.task });
    this.#error = reply.error ?? null;
    this.#about = reply.about ?? '';
    while (!this.#error && this.#warmUp < WARM_UP && this.#estimate < SLOW) {
      this.#estimate = (await this.#steps(1)).ms?.[0] ?? 0;
      this.#warmUp++;
    }
  }

  async #steps(count: number): Promise<Reply> {
    await settle();
    const reply = await this.contestant.link.ask({ do: 'steps', count });
    this.#error = reply.error ?? null;
    this.#losses.push(...(reply.losses ?? []));
    return reply;
  }

  async round({ rounds, seconds }: Protocol): Promise<void> {
    const spent = this.#ms.reduce((sum, ms) => sum + ms, 0);
    const done = spent >= seconds * 1e3 && this.#ms.length >= FEWEST;
    if (this.#error || done) return;
    const fit = Math.floor((seconds * 1e3) / rounds / Math.max(1, this.#estimate));
    const reply = await this.#steps(Math.min(MOST_IN_A_ROUND, Math.max(1, fit)));
    this.#ms.push(...(reply.ms ?? []));
    this.#cpuMs += reply.cpuMs ?? NaN;
  }

  async finish(flops: number): Promise<Measured> {
    await this.contestant.link.ask({ do: 'dispose' });
    const { maker, place, threads, name } = this.contestant;
    const median = medianOf(this.#ms);
    return {
      maker,
      place,
      threads,
      name,
      median,
      about: this.#about,
      warmUp: this.#warmUp,
      ms: this.#ms,
      gflops: flops / median / 1e6,
      cpuMs: this.#cpuMs / this.#ms.length,
      losses: this.#losses,
      error: this.#error,
    };
  }
}

export async function measure(
  planned: PlannedTask,
  contestants: readonly Contestant[],
  protocol: Protocol,
): Promise<Result> {
  const before = loadavg()[0]!;
  const runners = contestants.map((contestant) => new Runner(contestant));
  for (const runner of runners) {
    protocol.report(`${planned.task.name}: ${runner.contestant.name}, warm-up`);
    await runner.prepare(planned);
  }
  for (let round = 1; round <= protocol.rounds; round++) {
    protocol.report(`${planned.task.name}: round ${round} of ${protocol.rounds}`);
    for (const runner of runners) await runner.round(protocol);
  }
  const programs: Measured[] = [];
  for (const runner of runners) programs.push(await runner.finish(planned.flops));
  return {
    name: planned.task.name,
    gflop: planned.flops / 1e9,
    load: [before, loadavg()[0]!],
    programs,
    agreement: agreementOf(programs),
  };
}

/** Whether all did the same work: losses after as many steps as the slowest took. */
function agreementOf(programs: readonly Measured[]): Agreement | null {
  const finished = programs.filter(({ error, losses }) => !error && losses.length > 0);
  if (finished.length < 2) return null;
  const steps = Math.min(...finished.map(({ losses }) => losses.length));
  const [first, ...others] = finished.map(({ losses }) => losses[steps - 1]!);
  // NaN compares with nothing, and must not pass for agreement.
  const differences = others.map((loss) => Math.abs(loss - first!) / Math.abs(first!));
  const difference = differences.some(Number.isNaN) ? Infinity : Math.max(...differences);
  return { steps, difference };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
