/** Runs that have not ended, so that they can go on after a reload, a crash or a closed tab. */
import type { Checkpoint } from '../engine/pipeline/checkpoint.ts';
import type { Pixels } from '../engine/pipeline/pixels.ts';
import type { StepLosses } from '../engine/pipeline/stylize.ts';
import { database } from './database.ts';
import { fromStore, toStore, type Versioned } from './versions.ts';

export interface SavedPicture {
  readonly blob: Blob;
  readonly title: Readonly<Record<'en' | 'ru', string>>;
  /** Of a sample that comes with the page; null for the person's own pictures. */
  readonly sample: string | null;
}

/** What a feature network made, as studio/run/state.ts has it, the network by its id. */
export interface SavedPainting {
  readonly network: string;
  readonly image: Pixels;
  readonly large: Pixels | null;
  readonly steps: number;
  readonly seconds: number;
  readonly losses: readonly StepLosses[];
  readonly end: 'whole' | 'stopped' | 'cut';
}

/** What a run was asked to do, and what of it is finished. Models go by their ids. */
export interface SavedRun extends Versioned {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly photo: SavedPicture;
  readonly styles: readonly (SavedPicture & { readonly weight: number })[];
  readonly networks: readonly string[];
  readonly upscaler: string | null;
  readonly paintings: readonly SavedPainting[];
  /** Where it continues a finished run: that one's paintings, and how many steps more. */
  readonly further: { readonly steps: number; readonly from: readonly SavedPainting[] } | null;
  /** The Telegram job it is for. */
  readonly job: string | null;
}

export interface SavedCheckpoint {
  /** The run's id. */
  readonly id: string;
  /** The network it was made with; of use only while that one paints. */
  readonly network: string;
  readonly state: Checkpoint;
}

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
