/** npm run readme: writes into README.md what is made from the table of settings. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runCommand } from './cli.ts';
import { writeWhole } from './output.ts';
import { optionsTable } from './options.ts';

export const README = fileURLToPath(new URL('../README.md', import.meta.url));

// Columns that are not aligned: a new row then changes no other.
const [BEGIN, END] = ['<!-- prettier-ignore-start -->', '<!-- prettier-ignore-end -->'];

/** The text with its table of options as it is today. */
export function withOptions(text: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`no ${BEGIN} ... ${END} in the README`);
  return `${text.slice(0, from)}${BEGIN}\n${optionsTable()}\n${text.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runCommand(async () => {
    await writeWhole(README, withOptions(await readFile(README, 'utf8')));
  });
}
