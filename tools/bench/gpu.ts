/** npm run bench:gpu: milliseconds per step on WebGPU in Node (npm package `webgpu`, a Vulkan driver). */
import { rmSync } from 'node:fs';
import { copyFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Runtime } from '../../web/engine/runtime/runtime.ts';
import { MODELS_DIR, runCommand, UsageError } from '../cli.ts';
import { writeWhole } from '../output.ts';
import { openRuntime, versions } from '../host.ts';
import { openNetwork, readManifest } from '../library.ts';
import { medianOf } from './measure.ts';
import { planTask, usualStep, type PlannedTask } from './plan.ts';
import { prepareAdam } from './programs/engine.ts';

const OPTIONS = {
  sizes: { type: 'string', default: '128,256,384,512' },
  models: { type: 'string', default: 'lite-vgg,vgg19' },
  'models-dir': { type: 'string', default: MODELS_DIR },
  steps: { type: 'string', default: '20' },
  json: { type: 'string' },
} as const;

/** Steps that compile shaders. */
const WARM_UP = 3;
const ROUNDS = 3;

interface Row {
  readonly task: string;
  readonly gflop: number;
  readonly setupMs: number;
  /** Per step, of each round: the device runs ahead and the losses are read at the end, as in a long run. */
  readonly rounds: readonly number[];
  readonly msPerStep: number;
  readonly gflops: number;
  readonly peakBytes: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
}

async function time(
  runtime: Runtime,
  { task, flops }: PlannedTask,
  folder: string,
  steps: number,
): Promise<Row> {
  const started = performance.now();
  const open = async (name: string) => new Uint8Array(await readFile(join(folder, name)));
  const adam = await prepareAdam(runtime, task, open);
  const losses: number[] = [];
  const take = async (count: number) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) await adam.step();
    for (const { total } of await adam.flush()) losses.push(total);
    return (performance.now() - start) / count;
  };
  try {
    await take(1);
    const setupMs = performance.now() - started;
    await take(WARM_UP);
    const rounds: number[] = [];
    for (let i = 0; i < ROUNDS; i++) rounds.push(await take(steps));
    const msPerStep = medianOf(rounds);
    return {
      task: task.name,
      gflop: flops / 1e9,
      setupMs,
      rounds,
      msPerStep,
      gflops: flops / msPerStep / 1e6,
      peakBytes: runtime.counters.peakBytes,
      firstLoss: losses[0]!,
      lastLoss: losses.at(-1)!,
    };
  } finally {
    adam.dispose();
  }
}

function lineOf({ task, msPerStep, gflops, setupMs, peakBytes, firstLoss, lastLoss }: Row): string {
  const mib = Math.round(peakBytes / 2 ** 20);
  const loss = `loss ${firstLoss.toPrecision(5)} to ${lastLoss.toPrecision(5)}`;
  return `${task}: ${msPerStep.toFixed(1)} ms/step, ${gflops.toFixed(0)} GFLOP/s, first step after ${Math.round(setupMs)} ms, at most ${mib} MiB so far, ${loss}`;
}

async function bench(folder: string): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const [sizes, steps] = [values.sizes.split(',').map(Number), Number(values.steps)];
  if (![...sizes, steps].every((value) => Number.isInteger(value) && value > 0)) {
    throw new UsageError('--sizes and --steps are whole numbers');
  }
  const dir = values['models-dir'];
  const runtime = await openRuntime('webgpu');
  process.stdout.write(`${runtime.description}\n`);
  const here = (await readManifest(dir)).models.map(({ id }) => id);
  const rows: Row[] = [];
  for (const model of values.models.split(',')) {
    if (!here.includes(model)) {
      process.stdout.write(`left out: ${model} is not in ${dir}\n`);
      continue;
    }
    const network = await openNetwork(dir, model);
    await copyFile(join(dir, `${model}.onnx`), join(folder, `${model}.onnx`));
    for (const size of sizes) {
      const planned = await planTask(folder, model, network, usualStep(size));
      const row = await time(runtime, planned, folder, steps);
      rows.push(row);
      process.stdout.write(`${lineOf(row)}\n`);
    }
  }
  if (values.json !== undefined) {
    const all = { device: runtime.description, versions: versions(), steps, rows };
    await writeWhole(values.json, `${JSON.stringify(all, null, 2)}\n`);
  }
  await runtime.dispose();
}

await runCommand(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'restyle-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(130));
  }
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await bench(folder);
});
// Dawn keeps the process alive.
process.exit();
