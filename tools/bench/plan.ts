/** What is measured: tasks, and the files that every program reads. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSettings, type Layer, type StyleSettings } from '../../shared/settings.ts';
import type { FeatureNetwork } from '../../web/engine/networks/network.ts';
import type { Graph } from '../../web/engine/graph/graph.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { float32, sizeOf } from '../../web/engine/graph/tensor.ts';
import { adamGraph } from '../../web/engine/optimizers/adam.ts';
import { chooseLayers, type ChosenLayers } from '../../web/engine/pipeline/layers.ts';
import { styleLossOf } from '../../web/engine/losses/index.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import { optimizerOptions } from '../../web/engine/pipeline/options.ts';
import { layerContext } from '../../web/engine/pipeline/targets.ts';
import { random } from '../../web/engine/random.ts';
import { flopsOf } from './flops.ts';
import { inStages } from './stages.ts';
import type { Task } from './task.ts';

export interface PlannedTask {
  readonly task: Task;
  /** The step as it is written. */
  readonly graph: Graph;
  readonly flops: number;
}

/** What programs of others do as a matter of course, and nothing beyond it. */
const PLAIN = {
  optimizer: 'adam',
  learningRate: 0.02,
  betas: [0.9, 0.99],
  stepControl: false,
  gradientClip: 0,
  averaging: 0,
  clamp: true,
  tvWeight: 0,
  pixelRange: 1,
  preprocess: null,
  pooling: 'max',
  layerSum: 'sum',
  scales: 1,
} as const satisfies Partial<StyleSettings>;

/** The step over the network's own layers. Spelled out, so that a new default does not change what is measured. */
export const usualStep = (size: number) =>
  makeSettings('gram', {
    ...PLAIN,
    size,
    gram: 'hw',
    styleLoss: 'relative',
    contentLoss: 'relative',
    styleWeight: 1,
    contentWeight: 1,
    styleLayers: [],
    contentLayers: [],
  });

/** The first five convolutions, with the losses of PyTorch's tutorial. */
export const tutorialStep = (size: number) => makeSettings('tutorial', { ...PLAIN, size });

export const TUTORIAL = { model: 'vgg19', size: 128 } as const;

/** Writes the files of a task into `folder` and describes it, in stages for programs of others. */
export async function planTask(
  folder: string,
  model: string,
  network: FeatureNetwork,
  settings: StyleSettings,
): Promise<PlannedTask> {
  const planned = await planOwnTask(folder, model, network, settings);
  const layers = chooseLayers(network, settings);
  const tapsOf = (list: readonly Layer[]) => list.map(({ tap }) => tap);
  const staged = inStages(network, [...tapsOf(layers.style), ...tapsOf(layers.content)]);
  const tapped = (list: readonly Layer[]) =>
    list.map(({ tap, weight }) => ({ stage: staged.stageOf.get(tap)!, weight }));
  await writeFile(join(folder, planned.task.weights), staged.weights);
  const { stages } = staged;
  const [style, content] = [tapped(layers.style), tapped(layers.content)];
  return { ...planned, task: { ...planned.task, stages, style, content } };
}

/** The same for this engine alone, which takes any network. */
export async function planOwnTask(
  folder: string,
  model: string,
  network: FeatureNetwork,
  settings: StyleSettings,
): Promise<PlannedTask> {
  const { size } = settings;
  const part = settings.styleLoss === 'relative' ? '' : ', first five convolutions';
  const name = `${model}${part}, ${size} px`;
  const file = name.replaceAll(/[^a-z0-9]+/g, '-');
  const task: Task = {
    name,
    size,
    model: `${model}.onnx`,
    weights: `${file}.weights.f32`,
    pictures: `${file}.pictures.f32`,
    stages: [],
    style: [],
    content: [],
    settings,
  };
  await writeFile(join(folder, task.pictures), twoPictures(size));
  const graph = stepGraph(network, chooseLayers(network, settings), settings);
  return { task, graph, flops: flopsOf(graph) };
}

/** The graph of the step. Targets are zeros: only the dims count. */
export function stepGraph(network: FeatureNetwork, layers: ChosenLayers, settings: StyleSettings) {
  const dims = [1, 3, settings.size, settings.size];
  const b = new GraphBuilder();
  const names = [...layers.style, ...layers.content].map(({ tap }) => tap);
  const taps = network.tap(b, b.input('image', dims), names);
  const zeros = (shape: readonly number[]) => float32(shape, new Float32Array(sizeOf(shape)));
  const units = new Map<string, number>();
  const loss = styleLossOf(settings);
  const targets = {
    style: new Map(
      layers.style.map(({ tap }) => {
        const context = layerContext(settings, units, tap);
        const sums = loss.sums(b, taps.get(tap)!, context);
        const statistics = loss
          .statistics(b, sums, 1, context)
          .map(({ dims: shape }) => b.initializer(zeros(shape)));
        const target = loss.target(b, statistics, context);
        return [tap, target.map(({ dims: shape }) => zeros(shape))] as const;
      }),
    ),
    content: new Map(layers.content.map(({ tap }) => [tap, zeros(taps.get(tap)!.dims)] as const)),
    units,
  };
  const objective = makeObjective(network, layers, targets, settings);
  return adamGraph(objective, dims, optimizerOptions(settings));
}

/** Content and style: soft waves with grain, RGB planes 0..1, the same on every machine. */
function twoPictures(size: number): Float32Array {
  const next = random(1);
  const planes = Array.from({ length: 6 }, () => {
    const [fx, fy, phase] = [next() * 0.6, next() * 0.6, next() * 6];
    return Float32Array.from({ length: size * size }, (_, i) => {
      const wave = Math.sin(fx * (i % size) + fy * Math.floor(i / size) + phase);
      return Math.min(1, Math.max(0, 0.5 + 0.35 * wave + 0.2 * (next() - 0.5)));
    });
  });
  const all = new Float32Array(6 * size * size);
  planes.forEach((plane, i) => all.set(plane, i * size * size));
  return all;
}
