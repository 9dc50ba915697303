/** What the command line tools share: refusals in one line, files that are whole or not there. */
import { access, constants, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RestyleError } from '../web/engine/errors.ts';

export const MODELS_DIR = fileURLToPath(new URL('../public/models', import.meta.url));

/** Bad input: the command ends with exit code 2 and this one line. */
export class UsageError extends Error {}

/** Kinds of engine errors that come from what the user gave, not from the machine. */
const INPUT_ERRORS = new Set(['invalid-request', 'invalid-model', 'unsupported-operator']);

/** Runs a command; errors become one line on stderr and an exit code: 2 for bad input, 1 for everything else. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = isInputError(error) ? 2 : 1;
    process.stderr.write(`${oneLine(error)}\n`);
  }
}

function isInputError(error: unknown): boolean {
  if (error instanceof RestyleError) return INPUT_ERRORS.has(error.kind);
  // parseArgs' own errors carry codes ERR_PARSE_ARGS_…
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS');
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const advice = error instanceof RestyleError ? `. ${error.advice}` : '';
  return `${text}${advice}`.replaceAll(/\s*\n\s*/g, ' ');
}

/** Writes a file whole or not at all. */
export async function writeWhole(path: string, data: Uint8Array | string): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await writeFile(partial, data);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Refuses early what could not be written after a long run. */
export async function checkWritable(path: string): Promise<void> {
  try {
    await access(dirname(resolve(path)), constants.W_OK);
  } catch {
    throw new UsageError(`cannot write ${path}: its folder is missing or not writable`);
  }
}
