/** Runs that have not ended, so that they can go on after a reload, a crash or a closed tab. */
import type { Checkpoint } from '../engine/pipeline/checkpoint.ts';
import { database } from './database.ts';
import { fromStore, toStore } from './versions.ts';
import type { SavedCheckpoint, SavedPainting, SavedPicture, SavedRun } from './records.ts';

export type { SavedCheckpoint, SavedPainting, SavedPicture, SavedRun };

export async function saveRun(run: SavedRun): Promise<void> {
  await (await database()).put('runs', toStore(run));
}

export async function saveCheckpoint(checkpoint: SavedCheckpoint): Promise<void> {
  await (await database()).put('checkpoints', checkpoint);
}

export async function loadCheckpoint(id: string, network: string): Promise<Checkpoint | null> {
  const found = await (await database()).get('checkpoints', id);
  return found?.network === network ? found.state : null;
}

/** Newest first, of every version up to this one. */
export async function listRuns(): Promise<SavedRun[]> {
  const runs = await (await database()).getAll('runs');
  const known = runs.map(fromStore).filter((run) => run !== null);
  return known.sort((a, b) => b.created - a.created);
}

/** How many steps the checkpoint of a run has behind it; 0 without one. */
export async function stepsBehind(id: string): Promise<number> {
  const found = await (await database()).get('checkpoints', id);
  return found?.state.losses.length ?? 0;
}

export async function dropCheckpoint(id: string): Promise<void> {
  await (await database()).delete('checkpoints', id);
}

export async function dropRun(id: string): Promise<void> {
  const stores = (await database()).transaction(['runs', 'checkpoints'], 'readwrite');
  await Promise.all([
    stores.objectStore('runs').delete(id),
    stores.objectStore('checkpoints').delete(id),
    stores.done,
  ]);
}
