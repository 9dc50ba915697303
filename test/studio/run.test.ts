import './kit/place.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { inEach } from '../../shared/languages.ts';
import { PRESETS } from '../../shared/settings.ts';
import type { Engine, Painted } from '../../web/worker/client.ts';
import type { ModelEntry, Pixels, StylizeTask } from '../../web/worker/contract.ts';
import type { Wish } from '../../web/studio/run/wish.ts';

const { CancelledError, EngineLostError } = await import('../../web/worker/faults.ts');
const { OutOfMemoryError } = await import('../../web/engine/errors.ts');
const { RunMachine } = await import('../../web/studio/run/machine.ts');
const { newOrder } = await import('../../web/studio/run/order.ts');
const { READY, state } = await import('../../web/studio/run/state.ts');
const { notice } = await import('../../web/studio/notice/notice.ts');

const pixels = (side: number): Pixels => ({
  width: side,
  height: side,
  data: new Uint8ClampedArray(4 * side * side),
});

const network = (id: string) => ({ id, label: id, file: `${id}.onnx` }) as ModelEntry;

const picture = { id: 'own', title: inEach(() => 'Lake'), url: 'data:,', own: true };
const wish = (changes: Partial<Wish> = {}): Wish => ({
  photo: { ...picture, width: 64, height: 64 },
  styles: [{ picture: { ...picture, id: 'style', width: 64, height: 64 }, weight: 1 }],
  networks: [network('lite-vgg')],
  upscaler: null,
  settings: { ...PRESETS.default, size: 256, steps: 4, scales: 1 },
  mask: null,
  origin: null,
  ...changes,
});

type Attempt = (task: StylizeTask, signal: AbortSignal) => Promise<Painted> | Painted;

const whole: Attempt = ({ settings }) => ({
  image: pixels(settings.size),
  losses: [],
  bestStep: settings.steps,
  finished: true,
  msPerStep: 1,
  setupMs: 1,
  notes: [],
  capabilities: { backend: 'wasm', reason: 'asked', adapter: '', threads: 1, isolated: true },
});

const fail =
  (error: Error): Attempt =>
  () => {
    throw error;
  };

/** Until it is stopped, which finds nothing to keep. */
const endless: Attempt = (_task, signal) =>
  new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new CancelledError())),
  );

/** The machine with an engine that does as it is told, attempt by attempt. */
function machineWith(...attempts: Attempt[]) {
  const sizes: number[] = [];
  const engine = {
    stylize: async (signal, task) => {
      sizes.push(task.settings.size);
      return await attempts[sizes.length - 1]!(task, signal);
    },
    pause: () => undefined,
    resume: () => undefined,
    kill: () => undefined,
  } as Partial<Engine> as Engine;
  const task = ({ settings }: Wish): Promise<StylizeTask> =>
    Promise.resolve({ settings } as StylizeTask);
  const machine = new RunMachine(() => engine, task);
  return { machine, sizes };
}

const until = (kind: string) =>
  new Promise<void>((resolve) => {
    const stop = state.subscribe((now) => {
      if (now.kind !== kind) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });

describe('the run machine', () => {
  beforeEach(() => {
    state.value = READY;
    notice.value = null;
  });

  it('goes from loading to done, and tells those who keep pictures', async () => {
    const { machine } = machineWith(whole, whole);
    const told: number[] = [];
    machine.onFinished(({ paintings }) => {
      told.push(paintings.length);
      return Promise.resolve();
    });
    machine.start(newOrder(wish({ networks: [network('lite-vgg'), network('lite-resnet')] })));
    expect(state.value).toMatchObject({ kind: 'loading', stage: { index: 0 } });
    await until('done');
    expect(told).toEqual([2]);
    expect(state.value).toMatchObject({
      paintings: [{ network: { id: 'lite-vgg' } }, { network: { id: 'lite-resnet' } }],
    });
  });

  it('counts the steps of the answer, as the last reports may come after it', async () => {
    const losses = [1, 2, 3].map((step) => ({
      step,
      scale: 0,
      total: 1 / step,
      content: 0,
      style: 1 / step,
      tv: 0,
    }));
    const { machine } = machineWith(async (task, signal) => ({
      ...(await whole(task, signal)),
      losses,
    }));
    machine.start(newOrder(wish()));
    await until('done');
    expect(state.value).toMatchObject({ paintings: [{ steps: 3, losses }] });
  });

  it('goes smaller where memory ends, and says so', async () => {
    const { machine, sizes } = machineWith(fail(new OutOfMemoryError('full', '')), whole);
    machine.start(newOrder(wish()));
    await until('done');
    expect(sizes).toEqual([256, 192]);
    expect(notice.value).toMatchObject({ kind: 'helped', how: 'smaller', size: 192 });
    expect(state.value).toMatchObject({ wish: { settings: { size: 192 } } });
  });

  it('goes on once after the browser has ended the engine, and not for ever', async () => {
    const lost = fail(new EngineLostError('gone', ''));
    const once = machineWith(lost, whole);
    once.machine.start(newOrder(wish()));
    await until('done');
    expect(once.sizes).toEqual([256, 256]);

    state.value = READY;
    const twice = machineWith(lost, lost);
    twice.machine.start(newOrder(wish()));
    await until('ready');
    await expect.poll(() => notice.value).toMatchObject({ kind: 'failed', fault: 'engine-lost' });
    expect(notice.value).toMatchObject({
      actions: [{ name: 'again' }, { name: 'smaller', size: 192 }],
    });
  });

  it('keeps the first of two when the second fails', async () => {
    const { machine } = machineWith(whole, fail(new Error('broken')));
    machine.start(newOrder(wish({ networks: [network('lite-vgg'), network('lite-resnet')] })));
    await until('done');
    expect(state.value).toMatchObject({ paintings: [{ network: { id: 'lite-vgg' } }] });
    await expect.poll(() => notice.value).toMatchObject({ kind: 'failed', fault: 'compute' });
  });

  it('goes back to the photo when it is stopped with nothing to show', async () => {
    const { machine, sizes } = machineWith(endless);
    machine.start(newOrder(wish()));
    await expect.poll(() => sizes.length).toBe(1);
    machine.stop();
    expect(state.value.kind).toBe('stopping');
    await until('ready');
    expect(notice.value).toBeNull();
  });

  it('offers to begin anew what cannot be gone on with', async () => {
    const { UnfitCheckpointError } = await import('../../web/engine/errors.ts');
    const { machine, sizes } = machineWith(fail(new UnfitCheckpointError('old', '')), whole);
    machine.start(newOrder(wish()));
    await expect
      .poll(() => notice.value)
      .toMatchObject({
        kind: 'failed',
        fault: 'unfit-checkpoint',
        actions: [{ name: 'anew' }],
      });
    const { value: failed } = notice;
    if (failed?.kind === 'failed') failed.actions[0]!.act();
    await until('done');
    expect(sizes).toEqual([256, 256]);
  });
});
