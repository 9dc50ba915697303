/** A program in a process of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Reply, Request } from './task.ts';

/** A program that can be asked. */
export interface Link {
  ask(request: Request): Promise<Reply>;
  close(): Promise<void>;
  kill(): void;
}

/** Requests and replies are lines of JSON on the process's standard input and output. */
export class Child implements Link {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  readonly #gone: Promise<void>;
  #errors = '';

  constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args, { stdio: 'pipe' });
    this.#reader = createInterface({ input: this.#process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    this.#process.stderr.on('data', (text: Buffer) => {
      this.#errors = `${this.#errors}${text.toString()}`.slice(-2000);
    });
    // A process that died is noticed by the end of its output; writing to it must not throw on its own.
    this.#process.stdin.on('error', () => undefined);
    this.#gone = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        this.#errors += error.message;
        resolve();
      });
      this.#process.once('close', () => resolve());
    });
  }

  async ask(request: Request): Promise<Reply> {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (!line.done) return JSON.parse(line.value) as Reply;
    const lines = this.#errors.trim().split('\n');
    // Node and Python put the message among the lines of their stack.
    const last = lines.findLast((text) => /^\w*(Error|Exception)\b/.test(text)) ?? lines.at(-1);
    return { error: `the process ended: ${last ?? 'without a word'}` };
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    const kill = setTimeout(() => this.#process.kill('SIGKILL'), 3000);
    await this.#gone;
    clearTimeout(kill);
    this.#reader.close();
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
