import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILDS } from './browser/kit/builds.ts';

/** One place for the pages that the tests of a run look at: whoever needs one first builds it for all. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'restyle-pages-'));
  process.env[BUILDS] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
