/** npm run bench:gpu: milliseconds per step on WebGPU in Node (npm package `webgpu`, a Vulkan driver). */
import { rmSync } from 'node:fs';
import { copyFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Runtime } from '../../web/engine/runtime/runtime.ts';
import { MODELS_DIR, runCommand, UsageError } from '../cli.ts';
import { writeWhole } from '../output.ts';
import { openRuntime, versions } from '../host.ts';
import { openNetwork, readManifest } from '../library.ts';
import { medianOf } from './measure.ts';
import { planOwnTask, usualStep, type PlannedTask } from './plan.ts';
import { prepareAdam } from './programs/engine.ts';

const OPTIONS = {
  sizes: { type: 'string', default: '256,512,1024' },
  models: { type: 'string', default: 'lite-vgg,lite-resnet,vgg19,resnet50' },
  'models-dir': { type: 'string', default: MODELS_DIR },
  steps: { type: 'string', default: '20' },
  /** Side of the matrices whose product is the peak. */
  matrix: { type: 'string', default: '4096' },
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
  /** Of what a large matrix product reaches. */
  readonly ofPeak: number;
  readonly peakBytes: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
}

async function time(
  runtime: Runtime,
  { task, flops }: PlannedTask,
  folder: string,
  steps: number,
  peak: number,
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
      ofPeak: flops / msPerStep / 1e6 / peak,
      peakBytes: runtime.counters.peakBytes,
      firstLoss: losses[0]!,
      lastLoss: losses.at(-1)!,
    };
  } finally {
    adam.dispose();
  }
}

/** GFLOP/s of a large matrix product: several in a row, so that carrying operands over does not count. */
async function peakOf(runtime: Runtime, side: number): Promise<number> {
  const ms = async (products: number) => {
    const b = new GraphBuilder();
    const x = b.input('x', [side, side]);
    let y = x;
    for (let i = 0; i < products; i++) y = b.matMul(y, x);
    b.output(b.slice(y, [0, 1], [0, 0], [1, 1]), 'y');
    const program = await runtime.load(b.build(), [], ['x']);
    const times: number[] = [];
    for (let i = 0; i <= ROUNDS; i++) {
      const started = performance.now();
      await (await program.run({})).read();
      times.push(performance.now() - started);
    }
    program.dispose();
    return Math.min(...times.slice(1));
  };
  const PRODUCTS = 4;
  return (PRODUCTS * 2 * side ** 3) / ((await ms(1 + PRODUCTS)) - (await ms(1))) / 1e6;
}

function lineOf({
  task,
  msPerStep,
  gflops,
  ofPeak,
  setupMs,
  peakBytes,
  firstLoss,
  lastLoss,
}: Row): string {
  const mib = Math.round(peakBytes / 2 ** 20);
  const loss = `loss ${firstLoss.toPrecision(5)} to ${lastLoss.toPrecision(5)}`;
  return `${task}: ${msPerStep.toFixed(1)} ms/step, ${gflops.toFixed(0)} GFLOP/s, ${(100 * ofPeak).toFixed(0)} % of the peak, first step after ${Math.round(setupMs)} ms, at most ${mib} MiB so far, ${loss}`;
}

async function bench(folder: string): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const [sizes, steps] = [values.sizes.split(',').map(Number), Number(values.steps)];
  if (![...sizes, steps].every((value) => Number.isInteger(value) && value > 0)) {
    throw new UsageError('--sizes and --steps are whole numbers');
  }
  const dir = values['models-dir'];
  const runtime = await openRuntime('webgpu');
  const peak = await peakOf(runtime, Number(values.matrix));
  process.stdout.write(`${runtime.description}; matrix products ${peak.toFixed(0)} GFLOP/s\n`);
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
      const planned = await planOwnTask(folder, model, network, usualStep(size));
      const row = await time(runtime, planned, folder, steps, peak);
      rows.push(row);
      process.stdout.write(`${lineOf(row)}\n`);
    }
  }
  if (values.json !== undefined) {
    const all = { device: runtime.description, peak, versions: versions(), steps, rows };
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
