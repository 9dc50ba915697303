/** What the command line tools share: where models are, refusals in one line, exit codes. */
import { fileURLToPath } from 'node:url';
import { CancelledError, RestyleError } from '../web/engine/errors.ts';

export const MODELS_DIR = fileURLToPath(new URL('../public/models', import.meta.url));

/** Bad input: the command ends with exit code 2 and this one line. */
export class UsageError extends Error {}

/** Kinds of engine errors that come from what the user gave, not from the machine. */
const INPUT_ERRORS = new Set([
  'invalid-request',
  'thin-picture',
  'mask',
  'invalid-model',
  'unsupported-operator',
]);

/** Runs a command; errors become one line on stderr and an exit code: 2 for bad input, 1 for everything else. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    // Stopped, the code is set already and says by what.
    if (!(error instanceof CancelledError && process.exitCode))
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
