import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIFTOFF_ONLY } from './liftoff.ts';
import { buildPrograms } from './programs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TOOLS = ['stylize', 'sketch', 'upscale', 'models', 'bench/main'] as const;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the command line tools as a user would, but compiled: they start a second sooner. */
export async function runTool(
  tool: (typeof TOOLS)[number],
  args: readonly string[],
): Promise<Finished> {
  const sources = Object.fromEntries(TOOLS.map((name) => [name, `tools/${name}.ts`]));
  const folder = await buildPrograms('tools', sources);
  const child = spawn(process.execPath, [LIFTOFF_ONLY, join(folder, `${tool}.mjs`), ...args], {
    cwd: ROOT,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
