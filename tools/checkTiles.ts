/**
 * npm run -s check:tiles [-- SIZE MIB NETWORK]: the first three losses of a run by tiles against those of the same run in
 * one piece, and the memory that was planned against what the process grew by. By default 2048 px of lite-resnet.
 */
import { makeSettings } from '../shared/settings.ts';
import { chooseLayers } from '../web/engine/pipeline/layers.ts';
import type { Pixels } from '../web/engine/pipeline/pixels.ts';
import { stylize, type StylizeResult } from '../web/engine/pipeline/stylize.ts';
import { planStep } from '../web/engine/pipeline/tiled/plan.ts';
import { random } from '../web/engine/random.ts';
import { MODELS_DIR, runCommand } from './cli.ts';
import { wasmRuntime } from './host.ts';
import { openNetwork } from './library.ts';

const STEPS = 3;
const LEAST_TILES = 12;
const TOLERANCE = 1e-4;
const MIB = 2 ** 20;

/** Blocks of colour and grain. */
function picture(width: number, height: number, seed: number): Pixels {
  const next = random(seed);
  const palette = Array.from({ length: 64 }, () => Math.floor(256 * next()));
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)];
    const block = (Math.floor(x / 37) * 7 + Math.floor(y / 29) * 11 + (i & 3) * 5) % 64;
    data[i] = (i & 3) === 3 ? 255 : 0.8 * palette[block]! + 50 * next();
  }
  return { width, height, data };
}

await runCommand(async () => {
  const [size = 2048, mib = 350, name = 'lite-resnet'] = process.argv.slice(2);
  const [width, budget] = [Number(size), Number(mib) * MIB];
  const height = Math.round(0.75 * width);
  const runtime = wasmRuntime();
  const network = await openNetwork(MODELS_DIR, name);
  const settings = makeSettings('default', { size: width, steps: STEPS, scales: 1 });
  const layers = chooseLayers(network, settings);
  const eye = { network, layers, settings, units: new Map<string, number>(), half: false };
  const run = async (memoryBudget?: number): Promise<StylizeResult> => {
    const whole = { width, height };
    const plan = planStep(runtime, eye, whole, memoryBudget ?? Infinity);
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
    const result = await stylize(
      runtime,
      {
        content: picture(width, height, 1),
        styles: [{ pixels: picture(width, width, 2), weight: 1 }],
        network,
        settings,
      },
      { memoryBudget: memoryBudget ?? Infinity },
    );
    clearInterval(watch);
    most = Math.max(most, process.memoryUsage().rss);
    const grown = Math.round((most - before) / MIB);
    const planned = [plan.peakBytes, plan.hostBytes].map((bytes) => Math.round(bytes / MIB));
    process.stdout.write(
      `${plan.tiles} tiles: planned ${planned[0]} MiB and ${planned[1]} MiB of the host; the process grew by ${grown} MiB; ` +
        `${Math.round(result.msPerStep)} ms a step\n`,
    );
    if (memoryBudget !== undefined && plan.tiles < LEAST_TILES)
      throw new Error(`only ${plan.tiles} tiles`);
    return result;
  };
  const tiled = await run(budget);
  const whole = await run();
  whole.losses.forEach(({ step, total }, i) => {
    const apart = Math.abs(tiled.losses[i]!.total / total - 1);
    process.stdout.write(`step ${step}: ${total}, by tiles ${apart.toExponential(1)} apart\n`);
    if (!(apart <= TOLERANCE)) throw new Error('the losses differ');
  });
});
