import './kit/place.ts';
import 'fake-indexeddb/auto';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRecipe } from '../../shared/recipe.ts';
import type { StyleSettings } from '../../shared/settings.ts';
import { readCheckpoint } from '../../web/engine/pipeline/checkpoint.ts';
import first from '../fixtures/records/version-1.json';

/** The stores as they were when the database was at version 1, whatever they are today. */
const STORES = ['gallery', 'pictures', 'runs', 'checkpoints', 'jobs'] as const;
const settings = first.gallery[0]!.settings as unknown as StyleSettings;

/** Blobs and arrays are written as text in the fixture. */
function revive(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('data:image/png;base64,'))
    return new Blob([bytesOf(value.slice(value.indexOf(',') + 1))], { type: 'image/png' });
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  if ('float32' in value) return new Float32Array(bytesOf(value.float32 as string).buffer);
  const fields = Object.entries(value).map(([name, one]) => [
    name,
    // Pixels are no list of numbers.
    name === 'data' ? Uint8ClampedArray.from(one as number[]) : revive(one),
  ]);
  return Object.fromEntries(fields);
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });

/** A browser in which the first version has been. */
beforeAll(async () => {
  const opening = indexedDB.open('restyle', 1);
  opening.onupgradeneeded = () => {
    for (const name of STORES) {
      const store = opening.result.createObjectStore(name, { keyPath: 'id' });
      if (name === 'gallery') store.createIndex('created', 'created');
      for (const record of first[name]) store.put(revive(record));
    }
  };
  (await settled(opening)).close();
  const remembered = new Map([['restyle.choices', first.choices]]);
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => remembered.get(key) ?? null,
      setItem: (key: string, value: string) => void remembered.set(key, value),
    },
  });
});

describe('what the first version stored', () => {
  it('is in the gallery, with its pictures and settings', async () => {
    const { listPictures, loadPictures } = await import('../../web/storage/gallery.ts');
    const [entry, ...others] = await listPictures();
    expect(others).toEqual([]);
    const { thumbnail: _, settings: __, ...facts } = first.gallery[0]!;
    expect(entry).toMatchObject({ ...facts, settings });
    expect(entry!.thumbnail.size).toBeGreaterThan(0);
    const pictures = await loadPictures('g1');
    expect(pictures!.photo.title).toEqual(first.pictures[0]!.photo.title);
    expect(pictures!.styles.map(({ weight }) => weight)).toEqual([1]);
  });

  it('gives its settings back from the picture’s file', async () => {
    const { loadPictures } = await import('../../web/storage/gallery.ts');
    const { pastiche } = (await loadPictures('g1'))!;
    const recipe = parseRecipe(new Uint8Array(await pastiche.arrayBuffer()));
    expect(recipe).toMatchObject({ networks: ['lite-vgg'], strength: 1, settings });
  });

  it('goes on as an unfinished run, with its checkpoint', async () => {
    const { listRuns, loadCheckpoint, stepsBehind } = await import('../../web/storage/runs.ts');
    const [run] = await listRuns();
    expect(run).toMatchObject({ id: 'r1', networks: ['lite-vgg', 'lite-resnet'], settings });
    expect(run!.paintings[0]!.image.data).toBeInstanceOf(Uint8ClampedArray);
    expect(await stepsBehind('r1')).toBe(2);
    const checkpoint = readCheckpoint((await loadCheckpoint('r1', 'lite-resnet'))!);
    expect(checkpoint).toMatchObject({ taken: 2, steps: 2, optimizer: 'adam' });
    expect(checkpoint.state.arrays['x']).toHaveLength(3 * 20 * 16);
  });

  it('is still a job of Telegram’s', async () => {
    const { listJobs } = await import('../../web/storage/jobs.ts');
    expect(await listJobs()).toMatchObject([{ id: 'j1', claimed: true, result: null }]);
  });

  it('is what was chosen', async () => {
    const choices = await import('../../web/studio/choices/choices.ts');
    expect(choices.look.value).toBe('strong');
    expect(choices.settings.value).toMatchObject({ size: 384, tvWeight: 5, seed: 7 });
  });
});
