/** The step in TensorFlow.js, as its own documentation would write it. NHWC throughout. */
import * as tf from './tfjs-api.js';
import {
  floatsOf,
  readPictures,
  type OpenFile,
  type Stage,
  type Stepper,
  type Task,
  type TaskTap,
} from '../task.ts';

/** @param folder where the backend's wasm files are; a URL or a path, with a slash at its end */
export async function startTfjs(folder: string, threads: number): Promise<void> {
  tf.setWasmPaths(folder);
  tf.setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
}

export function aboutTfjs(threads: number): string {
  const features = [
    tf.env().getBool('WASM_HAS_SIMD_SUPPORT') && 'SIMD',
    tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT') ? `${threads} threads` : '1 thread',
  ];
  return `tfjs-backend-wasm ${tf.version_wasm}, ${features.filter(Boolean).join(', ')}`;
}

interface Layer {
  /** Stages whose values it takes; -1: the picture. */
  readonly from: readonly number[];
  readonly run: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;
}

const layerOf = (stage: Stage, weights: Float32Array): Layer => ({
  from: stage.op === 'sum' ? [stage.from, stage.and] : [stage.from],
  run: operationOf(stage, weights),
});

function operationOf(stage: Stage, weights: Float32Array): Layer['run'] {
  const floats = (at: number, count: number) => weights.slice(at, at + count);
  switch (stage.op) {
    case 'scale':
    case 'shift': {
      const values = tf.tensor(floats(stage.data, 3), [3]);
      return stage.op === 'scale' ? (x) => tf.mul(x, values) : (x) => tf.add(x, values);
    }
    case 'conv': {
      const { in: from, out: to, size, stride, pad } = stage;
      const oihw = tf.tensor(floats(stage.data, to * from * size * size), [to, from, size, size]);
      const kernel = tf.transpose(oihw, [2, 3, 1, 0]);
      const bias = tf.tensor(floats(stage.bias, to), [to]);
      return (x) => tf.add(tf.conv2d(x, kernel, stride, pad), bias);
    }
    case 'relu':
      return (x) => tf.relu(x);
    case 'pool':
      // Of an even side and a window of three both count the row and column beyond the edge.
      return (x) => tf.maxPool(x, stage.size, stage.stride, stage.ceil ? 'same' : 'valid');
    case 'sum':
      return tf.add;
  }
}

/** The value after every stage. */
const look = (layers: readonly Layer[], image: tf.Tensor): tf.Tensor[] => {
  const seen: tf.Tensor[] = [];
  for (const { from, run } of layers) {
    const [x, y] = from.map((at) => (at < 0 ? image : seen[at]!));
    seen.push(run(x!, y!));
  }
  return seen;
};

function gram(features: tf.Tensor, divideBy: Task['settings']['gram']): tf.Tensor {
  const [, h, w, c] = features.shape as [number, number, number, number];
  const rows = tf.reshape(features, [h * w, c]);
  const divisor = divideBy === 'none' ? 1 : divideBy === 'hw' ? h * w : c * h * w;
  return tf.div(tf.matMul(rows, rows, true, false), divisor);
}

function squaredError(value: tf.Tensor, target: tf.Tensor, form: string): tf.Tensor {
  const squares = tf.sum(tf.squaredDifference(value, target));
  return form === 'mean'
    ? tf.div(squares, target.size)
    : tf.div(squares, tf.add(tf.sum(tf.square(target)), 1e-12));
}

interface Targets {
  readonly style: readonly tf.Tensor[];
  readonly content: readonly tf.Tensor[];
}

function lossOf(task: Task, targets: Targets, seen: readonly tf.Tensor[]): tf.Tensor {
  const { settings } = task;
  const sum = (taps: readonly TaskTap[], loss: (tap: TaskTap, i: number) => tf.Tensor) =>
    taps.map((tap, i) => tf.mul(loss(tap, i), tap.weight)).reduce((a, b) => tf.add(a, b));
  const style = sum(task.style, ({ stage }, i) =>
    squaredError(gram(seen[stage]!, settings.gram), targets.style[i]!, settings.styleLoss),
  );
  const content = sum(task.content, ({ stage }, i) =>
    squaredError(seen[stage]!, targets.content[i]!, settings.contentLoss),
  );
  return tf.add(tf.mul(style, settings.styleWeight), tf.mul(content, settings.contentWeight));
}

function nhwc(planes: Float32Array, size: number): tf.Tensor {
  return tf.expandDims(tf.transpose(tf.tensor(planes, [3, size, size]), [1, 2, 0]));
}

export async function prepareTfjs(task: Task, open: OpenFile): Promise<Stepper> {
  const { settings, size } = task;
  const weights = floatsOf(await open(task.weights));
  const [content, style] = await readPictures(task, open);
  tf.engine().startScope();
  const layers = task.stages.map((stage) => layerOf(stage, weights));
  const image = tf.variable(nhwc(content, size));
  const targets = tf.tidy(() => {
    const [ofStyle, ofContent] = [look(layers, nhwc(style, size)), look(layers, image)];
    return {
      style: task.style.map(({ stage }) => tf.keep(gram(ofStyle[stage]!, settings.gram))),
      content: task.content.map(({ stage }) => tf.keep(ofContent[stage]!.clone())),
    };
  });
  const adam = tf.train.adam(settings.learningRate, ...settings.betas, 1e-8);
  return {
    async step() {
      const cost = adam.minimize(() => lossOf(task, targets, look(layers, image)), true, [image]);
      if (settings.clamp) tf.tidy(() => image.assign(tf.clipByValue(image, 0, 1)));
      const [loss] = await cost.data();
      cost.dispose();
      return loss!;
    },
    dispose() {
      adam.dispose();
      image.dispose();
      tf.dispose([...targets.style, ...targets.content]);
      tf.engine().endScope();
    },
  };
}
