// The tests' own page around the product's worker and runtimes; tests call globalThis.harness.
/* global AbortController, URL, document, fetch, structuredClone */
import { makeSettings } from '../../../shared/settings.ts';
import { stylize } from '../../../web/engine/pipeline/stylize.ts';
import { chooseBackend, surroundings } from '../../../web/worker/choose.ts';
import { createEngine } from '../../../web/worker/client.ts';
import { openRuntime } from '../../../web/worker/runtime.ts';
import { smallNetwork } from '../../support/networks.ts';
import { imageGradient, picture } from './gradient.ts';
import { models } from './models.js';
import { packing } from './packing.js';

const manifest = await (await fetch('models/manifest.json')).json();
const entry = manifest.models.find(({ id }) => id === 'lite-vgg');
const url = new URL(`models/${entry.file}`, document.baseURI).href;

const request = ({ size, steps, model = { entry, url } }) => ({
  content: picture(size, Math.round(size * 0.75), 1),
  styles: [{ pixels: picture(size, size, 2), weight: 1 }],
  model,
  settings: makeSettings('default', { size, steps, scales: 1 }),
  previewEvery: 1,
});

/** What crosses to the test has to be plain data. */
const plainError = (error) => ({
  className: error.constructor.name,
  name: error.name,
  kind: error.kind,
  message: error.message,
  advice: error.advice,
});

globalThis.harness = {
  models,
  packing,

  /** A run; `stopAt` aborts it at that step, `killAt` does not wait for an answer. */
  async run({ wish, size, steps, stopAt = Infinity, killAt = Infinity, broken }) {
    const engine = createEngine({ wish });
    const stopper = new AbortController();
    const model = broken && { entry: { ...entry, ...broken.entry }, url: broken.url ?? url };
    const seen = { reports: [], previews: 0, lastStep: 0 };
    const listen = (report) => {
      if (!seen.reports.includes(report.kind)) seen.reports.push(report.kind);
      if (report.kind !== 'progress') return;
      if (report.progress.preview) seen.previews++;
      seen.lastStep = report.progress.step;
      if (seen.lastStep >= Math.min(stopAt, killAt)) stopper.abort();
      if (seen.lastStep >= killAt) engine.kill();
    };
    try {
      const painted = await engine.stylize(
        stopper.signal,
        request({ size, steps, ...(model && { model }) }),
        listen,
      );
      const { image, ...rest } = painted;
      const counters = await engine.counters();
      return { ...rest, width: image.width, height: image.height, counters, seen };
    } catch (error) {
      return { error: plainError(error), seen };
    } finally {
      engine.dispose();
    }
  },

  /** What the runtime says of itself before and after it was started ahead of any run. */
  async open({ wish }) {
    const engine = createEngine({ wish });
    try {
      await engine.probe();
      const before = await engine.counters();
      await engine.open();
      return { before, after: await engine.counters() };
    } finally {
      engine.dispose();
    }
  },

  /** A run of a small network, and what it becomes when it goes on from its first checkpoint: images as bytes. */
  async goOn({ wish, settings, ...rest }) {
    const runtime = await openRuntime(await chooseBackend(wish, surroundings()));
    const { content, styles, settings: usual } = request(rest);
    const order = {
      content,
      styles,
      network: smallNetwork('zero'),
      settings: { ...usual, ...settings },
    };
    const checkpoints = [];
    const whole = await stylize(runtime, order, {
      checkpointEvery: 1e-6,
      onCheckpoint: (checkpoint) => checkpoints.push(structuredClone(checkpoint)),
    });
    const [first] = checkpoints;
    const resumed = await stylize(runtime, order, { resume: first });
    const { sessions, buffers } = runtime.counters;
    await runtime.dispose();
    const plain = ({ image, losses }) => ({ image: [...image.data], losses });
    return {
      whole: plain(whole),
      resumed: plain(resumed),
      brokenAt: first.steps,
      halvings: -Math.log2(checkpoints.at(-1).state.numbers.controlScale),
      sessions,
      buffers,
    };
  },

  /** A run of a small network in one piece, and by tiles within `budget` bytes. */
  async tiled({ wish, budget, masked = false, ...rest }) {
    const runtime = await openRuntime(await chooseBackend(wish, surroundings()));
    const { content, styles, settings } = request(rest);
    const { width, height } = content;
    const labels = Uint8Array.from({ length: width * height }, (_, i) =>
      i % width < width / 2 ? 1 : 0,
    );
    const order = {
      content,
      styles,
      network: smallNetwork('zero'),
      settings,
      ...(masked && { mask: { width, height, labels } }),
    };
    let tiles = 1;
    const onProgress = (progress) => (tiles = Math.max(tiles, progress.tiles?.total ?? 1));
    const whole = await stylize(runtime, order);
    const cut = await stylize(runtime, order, { memoryBudget: budget, onProgress });
    const { sessions, buffers } = runtime.counters;
    await runtime.dispose();
    const plain = ({ image, losses }) => ({ image: [...image.data], losses });
    return { whole: plain(whole), cut: plain(cut), tiles, sessions, buffers };
  },

  /** A picture four times as large, as its bytes. */
  async enlarge({ wish, size }) {
    const engine = createEngine({ wish });
    const upscaler = manifest.models.find(({ id }) => id === 'lite-sr');
    const model = {
      entry: upscaler,
      url: new URL(`models/${upscaler.file}`, document.baseURI).href,
    };
    const image = picture(size, size, 1);
    const result = await engine.upscale(new AbortController().signal, { image, model }, () => {});
    engine.dispose();
    const { width, height, data } = result.image;
    return { width, height, data: [...data] };
  },

  /** A sketch, as its bytes. */
  async sketch({ wish, size }) {
    const engine = createEngine({ wish });
    const network = manifest.models.find(({ kind }) => kind === 'sketch');
    const { image } = await engine.sketch(new AbortController().signal, {
      content: { id: 'photo', pixels: picture(size, Math.round(size * 0.75), 1) },
      styles: [{ id: 'style', pixels: picture(size, size, 2), weight: 1 }],
      models: {
        network: { entry: network, url: new URL(`models/${network.file}`, document.baseURI).href },
        encoder: { entry, url },
      },
      strength: 1,
      colours: 'style',
    });
    engine.dispose();
    return [...image.data];
  },

  /** The gradient of the loss with respect to the image, on a backend. */
  async gradient({ wish, size, masked = false }) {
    const runtime = await openRuntime(await chooseBackend(wish, surroundings()));
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const result = await imageGradient(runtime, bytes, size, masked);
    const { sessions, buffers } = runtime.counters;
    await runtime.dispose();
    return { ...result, sessions, buffers };
  },

  probe: (wish) =>
    createEngine({ wish })
      .probe()
      .catch((error) => ({ error: plainError(error) })),
};

document.documentElement.dataset.ready = 'yes';
