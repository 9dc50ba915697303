import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildPrograms } from '../../support/programs.ts';
import type { VictimPlan } from './victim.ts';

/** The file to run. */
export async function buildVictim(): Promise<string> {
  const folder = await buildPrograms('victim', { victim: 'test/bridge/crash/victim.ts' });
  return join(folder, 'victim.mjs');
}

/** A running victim. */
export class Victim {
  readonly url: string;
  readonly #child: ChildProcess;
  /** How it ended. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  readonly #log: string[];

  private constructor(
    child: ChildProcess,
    url: string,
    ended: Promise<NodeJS.Signals | number | null>,
    log: string[],
  ) {
    this.#child = child;
    this.url = url;
    this.ended = ended;
    this.#log = log;
  }

  /** null: it died before it listened. */
  static async start(file: string, plan: VictimPlan): Promise<Victim | null> {
    const env = { ...process.env, VICTIM_PLAN: JSON.stringify(plan) };
    const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString()));
    const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? code));
    });
    const port = new Promise<string>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    const first = await Promise.race([port, ended.then(() => null)]);
    return first === null ? null : new Victim(child, `http://127.0.0.1:${first}`, ended, log);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get log(): string {
    return this.#log.join('');
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
