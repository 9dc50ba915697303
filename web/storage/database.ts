/** The one IndexedDB database of the page, its stores and how they came to be. Page and worker both open it. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type {
  GalleryEntry,
  GalleryPictures,
  SavedCheckpoint,
  SavedJob,
  SavedRun,
} from './records.ts';

const NAME = 'restyle';
const VERSION = 1;

export interface Schema extends DBSchema {
  /** What the gallery lists; small, so that listing loads no pictures. */
  gallery: { key: string; value: GalleryEntry; indexes: { created: number } };
  /** The pictures of gallery entries, under the same key. */
  pictures: { key: string; value: GalleryPictures };
  /** Runs that have not ended: what they were asked to do. */
  runs: { key: string; value: SavedRun };
  /** The newest checkpoint of each such run, under the same key; written by the worker. */
  checkpoints: { key: string; value: SavedCheckpoint };
  /** Telegram jobs, with their inputs and, until the bridge has it, their result. */
  jobs: { key: string; value: SavedJob };
}

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | null = null;

/** Opens the database once; a failure is forgotten, so that the next call tries again. */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    // A step for each version, from the one that the browser has.
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore('gallery', { keyPath: 'id' }).createIndex('created', 'created');
        db.createObjectStore('pictures', { keyPath: 'id' });
        db.createObjectStore('runs', { keyPath: 'id' });
        db.createObjectStore('checkpoints', { keyPath: 'id' });
        db.createObjectStore('jobs', { keyPath: 'id' });
      }
    },
    // Another tab has a newer page and wants to change the stores: let it.
    blocking: (_from, _to, event) => {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated: () => {
      opened = null;
    },
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

export const isFull = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'QuotaExceededError';
