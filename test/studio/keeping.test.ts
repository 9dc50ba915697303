/** What is kept in the browser, and what becomes of it when something goes wrong. */
import './kit/place.ts';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inEach } from '../../shared/languages.ts';
import { PRESETS } from '../../shared/settings.ts';
import type { GalleryEntry } from '../../web/storage/records.ts';
import type { Engine } from '../../web/worker/client.ts';
import type { ModelEntry, StylizeTask } from '../../web/worker/contract.ts';

const { savePicture, listPictures } = await import('../../web/storage/gallery.ts');
const { changeJob, loadJob, openJob } = await import('../../web/storage/jobs.ts');
const { listRuns } = await import('../../web/storage/runs.ts');
const { flushOutbox } = await import('../../web/job/outbox.ts');
const { remove } = await import('../../web/studio/gallery/leaving.ts');
const { leaving } = await import('../../web/studio/gallery/entries.ts');
const { notice } = await import('../../web/studio/notice/notice.ts');
const { RunMachine } = await import('../../web/studio/run/machine.ts');
const { newOrder } = await import('../../web/studio/run/order.ts');
const { READY, state } = await import('../../web/studio/run/state.ts');

const title = inEach(() => 'Lake');
const listed = async () => (await listPictures()).map(({ id }) => id);

describe('a picture that is deleted', () => {
  beforeEach(async () => {
    const entry: GalleryEntry = {
      id: 'one',
      created: 1,
      width: 2,
      height: 1,
      models: ['lite-vgg'],
      photo: title,
      styles: [title],
      settings: PRESETS.default,
      steps: 1,
      seconds: 1,
      thumbnail: new Blob(),
      bytes: 1,
    };
    const photo = { blob: new Blob(), title, sample: null };
    await savePicture(entry, { id: 'one', pastiche: new Blob(), photo, styles: [] });
    [leaving.value, notice.value] = [[], null];
  });

  it('stays so for whoever leaves the page at once, and is back if that is wished', async () => {
    expect(await listed()).toEqual(['one']);
    remove('one');
    // Nothing was answered yet: the undo is still offered.
    expect(notice.value).toMatchObject({ kind: 'deleted', count: 1 });
    await expect.poll(listed).toEqual([]);
    const { value: said } = notice;
    if (said?.kind === 'deleted') said.undo();
    await expect.poll(listed).toEqual(['one']);
  });
});

describe('a finished run', () => {
  it('is kept until its picture is somewhere else', async () => {
    const network = { id: 'lite-vgg', label: 'VGG', file: 'lite-vgg.onnx' } as ModelEntry;
    const picture = { id: 'own', title, url: 'data:,', own: true, width: 64, height: 64 };
    const engine = {
      stylize: () =>
        Promise.resolve({
          image: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
          losses: [],
          bestStep: 1,
          finished: true,
          msPerStep: 1,
          setupMs: 1,
          notes: [],
          capabilities: {
            backend: 'wasm',
            reason: 'asked',
            adapter: '',
            threads: 1,
            isolated: true,
          },
        }),
    } as Partial<Engine> as Engine;
    const machine = new RunMachine(
      () => engine,
      ({ settings }) => Promise.resolve({ settings } as StylizeTask),
    );
    let housed: () => void = () => undefined;
    machine.onFinished(() => new Promise((resolve) => (housed = resolve)));
    machine.start(
      newOrder({
        photo: picture,
        styles: [{ picture, weight: 1 }],
        networks: [network],
        upscaler: null,
        settings: { ...PRESETS.default, size: 64, steps: 1, scales: 1 },
        mask: { width: 2, height: 1, labels: Uint8Array.of(0, 1) },
        origin: null,
      }),
    );
    await expect.poll(() => state.value.kind).toBe('done');
    // There is no room for it in the gallery: what the run keeps is the only copy.
    const [run] = await listRuns();
    expect(run).toMatchObject({ paintings: [{ network: 'lite-vgg' }], mask: '2x1;A1B' });
    housed();
    await expect.poll(async () => (await listRuns()).length).toBe(0);
    state.value = READY;
  });
});

describe('results on their way to the chat', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('do not wait for one that goes wrong as nobody expected', async () => {
    const keys = { broken: 'b'.repeat(43), whole: 'w'.repeat(43) };
    for (const [id, cap] of Object.entries(keys)) {
      await openJob({ id, cap });
      const result = {
        blob: new Blob(['picture']),
        type: 'image/png' as const,
        fate: 'waiting' as const,
        eased: null,
        tries: 0,
        nextTry: 0,
        notBefore: 0,
      };
      await changeJob(id, (job) => ({ ...job, result }));
    }
    vi.stubGlobal('fetch', (_url: URL, { headers }: { headers: Record<string, string> }) => {
      if (headers['authorization']!.includes(keys.broken)) throw new RangeError('out of the blue');
      return Promise.resolve(Response.json({ state: 'uploaded' }));
    });
    expect(await flushOutbox('https://restyle.test/', true)).toBeGreaterThan(0);
    expect((await loadJob('whole'))!.result!.fate).toBe('accepted');
    // It is tried again, later.
    expect((await loadJob('broken'))!.result).toMatchObject({ fate: 'waiting', tries: 1 });
  });
});
