import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LIFTOFF_ONLY } from './liftoff.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the command line tools as a user would. */
export function runTool(tool: string, args: readonly string[]): Promise<Finished> {
  const file = `tools/${tool}.ts`;
  const child = spawn(process.execPath, [LIFTOFF_ONLY, '--import', 'tsx', file, ...args], {
    cwd: ROOT,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
