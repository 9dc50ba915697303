import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeSettings, withDefaults, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import {
  stylize,
  type Checkpoint,
  type Progress,
  type StylizeOptions,
  type StylizeRequest,
} from '../../web/engine/pipeline/stylize.ts';
import { CHECKPOINT_VERSION, readCheckpoint } from '../../web/engine/pipeline/checkpoint.ts';
import { importNetwork } from '../support/oracle.ts';
import { picture } from '../support/scenes.ts';
import FIRST from '../fixtures/records/version-1.json' with { type: 'json' };

const runtime = wasmRuntime(1);
const network = importNetwork(
  'vgg19',
  fileURLToPath(new URL('../fixtures/presets/network.safetensors', import.meta.url)),
);
const STEPS = 11;

const request = (changes: Partial<StyleSettings> = {}): StylizeRequest => ({
  content: picture(40, 30, 1),
  styles: [{ pixels: picture(36, 36, 2), weight: 1 }],
  network,
  settings: makeSettings('default', { size: 40, steps: STEPS, scales: 2, ...changes }),
});
const paint = (changes: Partial<StyleSettings> = {}, options: StylizeOptions = {}) =>
  stylize(runtime, request(changes), options);

/** Every checkpoint of a whole run, as a store would give it back, and the run's end. */
async function record(changes: Partial<StyleSettings> = {}) {
  const checkpoints: Checkpoint[] = [];
  const result = await paint(changes, {
    checkpointEvery: 1e-6,
    onCheckpoint: (checkpoint) => checkpoints.push(structuredClone(checkpoint)),
  });
  return { checkpoints, result };
}

const LBFGS = { optimizer: 'lbfgs', learningRate: 1 } as const;

describe('a run that goes on from a checkpoint', () => {
  it.each<[string, Partial<StyleSettings>]>([
    ['Adam', {}],
    ['Adam, averaging', { averaging: 0.9, stepControl: false }],
    ['Adam, step control at work', { learningRate: 0.9 }],
    ['Adam, colours kept', { colours: 'luminance' }],
    ['L-BFGS', LBFGS],
    ['L-BFGS, line search', { ...LBFGS, lineSearch: 'strong-wolfe' }],
    ['L-BFGS, other pixels', { ...LBFGS, pixelRange: 255, clamp: false, stepControl: false }],
  ])('ends as if it had never stopped: %s', async (_name, changes) => {
    const { checkpoints, result } = await record(changes);
    // The first step of each scale is by itself, so there is a break at 1 and at 7, inside both scales.
    const at = checkpoints.map(({ steps }) => steps);
    expect(at).toEqual(expect.arrayContaining([1, 7]));
    expect(checkpoints.map(({ scale }) => scale)).toEqual(expect.arrayContaining([0, 1]));
    for (const resume of checkpoints) {
      const again = await paint(changes, { resume });
      expect(again.losses).toEqual(result.losses);
      expect(again.image).toEqual(result.image);
      expect([again.bestStep, again.finished]).toEqual([result.bestStep, true]);
    }
    expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it('reports the losses of before, and counts on', async () => {
    const { checkpoints } = await record();
    const resume = checkpoints.find(({ steps }) => steps === 7)!;
    const reports: Progress[] = [];
    const result = await paint({}, { resume, onProgress: (report) => reports.push(report) });
    expect(reports[0]).toMatchObject({ phase: 'preparing', step: 7, scale: 1 });
    expect(reports.flatMap(({ losses }) => losses)).toEqual(result.losses);
    expect(result.setupMs).toBeGreaterThan(resume.setupMs);
  });

  it('takes up what the first version stored', async () => {
    const { checkpoints, result } = await record();
    // Its fields as they were; a later version reads them by its ladder.
    const { optimizer, scales, scale, taken, steps, losses, stepMs, setupMs, state } =
      checkpoints[0]!;
    const counts = { scale, taken, steps, losses, stepMs, setupMs };
    const first = { version: 1, optimizer, scales, ...counts, state };
    const again = await paint({}, { resume: readCheckpoint(first as never) });
    expect(again.image).toEqual(result.image);
    expect(() => readCheckpoint({ ...first, version: CHECKPOINT_VERSION + 1 } as never)).toThrow(
      /version/,
    );
  });

  it('goes on from a file of the first version, to the same losses', async () => {
    const { checkpoints, losses, gallery } = FIRST;
    const { state } = checkpoints[0]!;
    const arrays = Object.entries(state.state.arrays).map(([name, { float32 }]) => {
      const bytes = Uint8Array.from(Buffer.from(float32, 'base64'));
      return [name, new Float32Array(bytes.buffer)] as const;
    });
    const stored = { ...state, state: { ...state.state, arrays: Object.fromEntries(arrays) } };
    const { losses: again } = await stylize(
      runtime,
      {
        ...request(),
        content: picture(20, 16, 1),
        styles: [{ pixels: picture(18, 18, 2), weight: 1 }],
        settings: withDefaults(gallery[0]!.settingsVersion, gallery[0]!.settings)!,
      },
      { resume: readCheckpoint(stored as unknown as Checkpoint) },
    );
    expect(again).toHaveLength(losses.length);
    // Made on another machine: its last digits are its own.
    for (const [i, { total }] of again.entries())
      expect(Math.abs(total / losses[i]! - 1)).toBeLessThan(1e-3);
  });

  it('paints the same picture fast or slow, step control or not', async () => {
    const wild = { learningRate: 0.9 };
    const slow: StylizeOptions = { previewEvery: 1e-6, onProgress: () => undefined };
    expect((await paint(wild)).image).toEqual((await paint(wild, slow)).image);
  });
});

describe('when a checkpoint is given', () => {
  it('not without being asked for', async () => {
    const given: Checkpoint[] = [];
    await paint({}, { onCheckpoint: (checkpoint) => given.push(checkpoint) });
    await paint({}, { onCheckpoint: (checkpoint) => given.push(checkpoint), checkpointEvery: 1e9 });
    expect(given).toEqual([]);
  });

  it('at a pause, before it goes on', async () => {
    let step = 0;
    let open: () => void = () => undefined;
    const closed = new Promise<void>((release) => (open = release));
    let give: (checkpoint: Checkpoint) => void;
    const given = new Promise<Checkpoint>((resolve) => (give = resolve));
    const running = paint(
      {},
      {
        gate: () => (step >= 1 ? closed : Promise.resolve()),
        onProgress: (progress) => (step = progress.step),
        checkpointEvery: 1e9,
        onCheckpoint: (checkpoint) => give(checkpoint),
      },
    );
    const checkpoint = await given;
    expect([checkpoint.steps, step]).toEqual([1, 1]);
    open();
    const whole = await running;
    expect((await paint({}, { resume: checkpoint })).image).toEqual(whole.image);
  });

  it('when the run is aborted, with nothing lost', async () => {
    const abort = new AbortController();
    const given: Checkpoint[] = [];
    const cut = await paint(
      {},
      {
        signal: abort.signal,
        onProgress: ({ step }) => step >= 7 && abort.abort(),
        checkpointEvery: 1e9,
        onCheckpoint: (checkpoint) => given.push(checkpoint),
      },
    );
    expect(given).toHaveLength(1);
    expect(given[0]!.losses).toEqual(cut.losses);
    const [again, whole] = [await paint({}, { resume: given[0]! }), await paint()];
    expect(again.losses).toEqual(whole.losses);
    expect(again.image).toEqual(whole.image);
  });
});

const without = (name: string) => (c: Checkpoint) => {
  const arrays = Object.entries(c.state.arrays).filter(([key]) => key !== name);
  return { ...c, state: { ...c.state, arrays: Object.fromEntries(arrays) } };
};

describe('a checkpoint of another run is refused', () => {
  it.each<[string, Partial<StyleSettings>, (c: Checkpoint) => unknown, RegExp]>([
    ['of another version', {}, (c) => ({ ...c, version: 0 }), /version is 0, not 2/],
    ['of the other optimiser', LBFGS, (c) => c, /of adam, not of lbfgs/],
    ['of another size', { size: 44 }, (c) => c, /sizes or steps/],
    ['with a mask', {}, (c) => ({ ...c, mask: '1x1;B' }), /its mask is another/],
    ['with other steps', { steps: 20 }, (c) => c, /sizes or steps/],
    ['without its average', {}, without('average'), /"average" is missing/],
    ['with a count that is wrong', {}, (c) => ({ ...c, taken: 3 }), /contradict/],
    ['with losses that are missing', {}, (c) => ({ ...c, losses: [] }), /contradict/],
    ['at a scale there is not', {}, (c) => ({ ...c, scale: 5 }), /contradict/],
  ])('%s', async (_name, changes, spoil, message) => {
    const averaged = { averaging: 0.9 };
    const { checkpoints } = await record(averaged);
    const resume = spoil(checkpoints[0]!) as Checkpoint;
    const running = paint({ ...averaged, ...changes }, { resume });
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toMatchObject({ kind: 'unfit-checkpoint' });
    expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
  });
});

describe('going on with a pastiche', () => {
  it('begins where it ended, and gets no worse', async () => {
    // In the network's own units: others are measured at a run's coarsest size, and the two runs have not the same.
    const own = { averaging: 0, activations: 'own' } as const;
    const first = await paint({ ...own, steps: 40 });
    const more = { ...request({ ...own, scales: 1, steps: 30 }), start: first.image };
    const { losses, bestStep } = await stylize(runtime, more);
    const [begun, ended] = [losses[0]!.total, first.losses.at(-1)!.total];
    // 8 bits a channel are all that was lost.
    expect(Math.abs(begun / ended - 1)).toBeLessThan(0.05);
    expect(losses[bestStep - 1]!.total).toBeLessThan(begun);
  });

  it('refuses a start that is not a picture', async () => {
    const start = { width: 4, height: 4, data: new Uint8ClampedArray(3) };
    await expect(stylize(runtime, { ...request(), start })).rejects.toThrow(/begin from/);
  });
});
