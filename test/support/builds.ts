/** What has to be built before it is tested, pages and programs: by whoever needs it first, for all tests of a run. */
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names the folder in the environment. */
const BUILDS = 'RESTYLE_TEST_BUILDS';
const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Opens the folder for this process and its children; returns what removes it. */
export function openBuilds(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'restyle-builds-'));
  // A program that is run from here finds its packages.
  symlinkSync(PACKAGES, join(folder, 'node_modules'));
  process.env[BUILDS] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** The folder of what `make` has put there; made at most once in a run of the tests, and not to be changed. */
export async function builtOnce(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  // A program that is no run of the tests has its own, as long as it lives.
  if (!process.env[BUILDS]) process.on('exit', openBuilds());
  const folder = join(process.env[BUILDS]!, name);
  if (existsSync(folder)) return folder;
  const mine = `${folder}.${process.pid}`;
  await make(mine);
  // Another file of tests may have been quicker.
  await rename(mine, folder).catch(() => rm(mine, { recursive: true, force: true }));
  return folder;
}
