/** npm run bench: one optimisation step by this engine, by TensorFlow.js and by PyTorch, side by side. */
import { rmSync } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MODELS_DIR, runCommand, UsageError } from '../cli.ts';
import { checkWritable, writeWhole } from '../output.ts';
import { versions, wasmRuntime } from '../host.ts';
import { openNetwork, readManifest } from '../library.ts';
import { gather, type Field } from './contestants.ts';
import { measure, type Protocol, type Result } from './measure.ts';
import { planTask, TUTORIAL, tutorialStep, usualStep, type PlannedTask } from './plan.ts';
import { stagesOf, tableOfStage, Timing } from './roofline.ts';
import { AGREE, short, tableOf } from './table.ts';

const OPTIONS = {
  sizes: { type: 'string', default: '128,256' },
  models: { type: 'string', default: 'lite-vgg,lite-resnet,vgg19,resnet50' },
  'models-dir': { type: 'string', default: MODELS_DIR },
  threads: { type: 'string', default: String(Math.min(8, availableParallelism())) },
  rounds: { type: 'string', default: '5' },
  /** Timed seconds a program may take for a task. */
  seconds: { type: 'string', default: '20' },
  /** In place of the contest: where the time goes, before and after each pass. On webgpu nothing is timed. */
  roofline: { type: 'string' },
  json: { type: 'string' },
} as const;

type Options = ReturnType<typeof parse>;

const parse = () => parseArgs({ options: OPTIONS }).values;

const print = (line: string) => process.stdout.write(`${line}\n`);
const report = (line: string) => process.stderr.write(`${line}\n`);

function whole(option: string, text: string, [low, high]: readonly [number, number]): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`--${option} ${text}: a whole number from ${low} to ${high}`);
}

const listOf = (text: string) => text.split(',').map((item) => item.trim());

/** The tasks of the wanted models and sizes; models that are not there are named. */
async function plan(options: Options, folder: string): Promise<[PlannedTask[], string[]]> {
  const dir = options['models-dir'];
  const sizes = listOf(options.sizes).map((text) => whole('sizes', text, [32, 2048]));
  const here = (await readManifest(dir)).models.map(({ id }) => id);
  const tasks: PlannedTask[] = [];
  const absent: string[] = [];
  for (const model of listOf(options.models)) {
    if (!here.includes(model)) {
      const how = `npm run models -- import ${model} FILE.safetensors, then --models-dir`;
      absent.push(`${model} is not in ${dir}: ${how}`);
      continue;
    }
    const network = await openNetwork(dir, model);
    await copyFile(join(dir, `${model}.onnx`), join(folder, `${model}.onnx`));
    if (model === TUTORIAL.model && sizes.includes(TUTORIAL.size)) {
      tasks.push(await planTask(folder, model, network, tutorialStep(TUTORIAL.size)));
    }
    for (const size of sizes) {
      tasks.push(await planTask(folder, model, network, usualStep(size)));
    }
  }
  if (tasks.length === 0) throw new UsageError(absent.join('; '));
  return [tasks, absent];
}

async function run(
  tasks: readonly PlannedTask[],
  field: Field,
  protocol: Protocol,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const planned of tasks) {
    const result = await measure(planned, field.contestants, protocol);
    results.push(result);
    if (results.length === 1) {
      for (const { name, about } of result.programs) if (about) print(`${name}: ${about}`);
      print('');
    }
    print(tableOf(result));
  }
  return results;
}

async function rooflines(
  tasks: readonly PlannedTask[],
  backend: string,
  threads: number,
): Promise<void> {
  if (backend !== 'wasm' && backend !== 'webgpu') {
    throw new UsageError(`--roofline ${backend}: wasm or webgpu`);
  }
  const timing =
    backend === 'wasm' ? new Timing(wasmRuntime(threads, { plain: true, verbatim: true })) : null;
  const peaks = (await timing?.peaks()) ?? { gflops: Infinity, gigabytes: Infinity };
  if (timing) {
    const [gflops, gigabytes] = [short(peaks.gflops), short(peaks.gigabytes)];
    print(`${threads} threads: matrix products ${gflops} GFLOP/s, sums ${gigabytes} GB/s`);
  }
  for (const { task, graph } of tasks) {
    print(`\n${task.name}, ${backend}`);
    for (const stage of await stagesOf(graph, { backend, threads }, peaks, timing))
      print(tableOfStage(stage));
  }
}

async function bench(options: Options, folder: string): Promise<void> {
  const threads = whole('threads', options.threads, [1, 8]);
  const rounds = whole('rounds', options.rounds, [1, 100]);
  const seconds = whole('seconds', options.seconds, [1, 3600]);
  const [tasks, absent] = await plan(options, folder);
  if (options.roofline !== undefined) return rooflines(tasks, options.roofline, threads);
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() };
  print(`${machine.processor}, ${machine.cores} cores; Node ${process.versions.node}`);
  const field = await gather(folder, threads);
  // Children that are in the middle of a long step would outlive an interrupted run.
  process.once('exit', () => field.kill());
  try {
    const missing = [...field.missing, ...absent];
    for (const line of missing) print(`left out: ${line}`);
    print('ms/step: median; best: fastest step; CPU ms: processor time of a step, all threads;');
    print('steps: warm-up + timed; NAME/it: our median there divided by this one\n');
    const results = await run(tasks, field, { rounds, seconds, report });
    if (options.json !== undefined) {
      const all = { machine, versions: versions(), threads, rounds, seconds, missing, results };
      await writeWhole(options.json, `${JSON.stringify(all, null, 2)}\n`);
    }
    const broken = results.some(
      ({ agreement, programs }) =>
        (agreement && agreement.difference > AGREE) || programs.some(({ error }) => error),
    );
    if (broken) process.exitCode = 1;
  } finally {
    await field.close();
  }
}

await runCommand(async () => {
  const options = parse();
  if (options.json !== undefined) await checkWritable(options.json);
  const folder = await mkdtemp(join(tmpdir(), 'restyle-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(130));
  }
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await bench(options, folder);
});
