/**
 * Every setting of a run, a row each: its values, its default, its flag, its control. The schema, the command line and
 * its help, the page's drawer and address bar and the README's table are made from it. A new setting is a row here, its
 * words in `fields.ts` of each language, and the place where it acts; with `before`, all that was saved stays readable.
 */
import * as v from 'valibot';
import {
  amount,
  choice,
  number,
  numberIn,
  numberOrAuto,
  other,
  readNumbers,
  toggle,
} from './kinds.ts';
import {
  CONVENTIONS,
  layersSchema,
  preprocess,
  readLayers,
  readPreprocess,
  writeLayers,
  writePreprocess,
  type Layer,
  type Preprocess,
} from './values.ts';

const layers = () =>
  other<Layer[]>({
    group: 'network',
    default: [],
    schema: layersSchema,
    control: 'own',
    syntax: 'TAP[:WEIGHT],...',
    expects:
      'names of layers, each with its weight or without: relu1_1,relu2_1:0.5,"name:0" (quotes around a name with a colon or a comma)',
    read: readLayers,
    write: writeLayers,
  });

const decay = numberIn({ min: 0, below: 1 });

export const TABLE = {
  /** Long side of the pastiche in pixels. */
  size: {
    ...number({ group: 'main', default: 512, range: { whole: true, min: 16, max: 4096 } }),
    control: { kind: 'own' },
  },
  /**
   * Whose colours, and how: the style's as it comes; the photo's, by painting with styles in the photo's palette; the
   * photo's, by repainting the luminance only; the style's palette to the letter, by a last correction.
   */
  colours: choice({
    group: 'main',
    default: 'style',
    options: ['style', 'palette', 'photo', 'luminance'],
  }),

  /** Evaluations of the loss and its gradient, over all scales together. */
  steps: amount({
    group: 'amount',
    default: 200,
    range: { whole: true, min: 1, max: 10_000 },
    slider: [10, 3000],
  }),
  styleWeight: amount({ group: 'amount', default: 1, range: { min: 0 }, slider: [0.1, 1000] }),
  contentWeight: amount({
    group: 'amount',
    default: 0.015,
    range: { min: 0 },
    slider: [0.001, 100],
  }),
  /**
   * Of the colours themselves, compared as a style layer is: beside the network's, whose weights are 1 on average. By 48
   * VGG19's palette is nearer than crowsonkb's recipe brings it, with no more speckle (README).
   */
  paletteWeight: amount({
    group: 'amount',
    default: 48,
    before: 0,
    range: { min: 0 },
    slider: [1, 1000],
  }),
  tvWeight: amount({ group: 'amount', default: 4, range: { min: 0 }, slider: [0.1, 1000] }),
  /** Style pictures' long side relative to the pastiche's. */
  styleScale: amount({
    group: 'amount',
    default: 1,
    range: { min: 0.1, max: 4 },
    slider: [0.25, 4],
    unit: 'times',
  }),

  /** `sketch` is `content` where there is no network that sketches. */
  init: choice({
    group: 'start',
    default: 'sketch',
    options: ['content', 'sketch', 'noise', 'style'],
  }),
  seed: number({
    group: 'start',
    default: 0,
    range: { whole: true, min: 0, max: 2 ** 32 - 1 },
    dice: 1e6,
  }),
  /** Standard deviation of `noise` around the network's mean colour, in 0..1. */
  noise: amount({ group: 'start', default: 0.15, range: { min: 0 }, slider: [0.01, 1] }),
  /** Levels of the pyramid, each √2 larger than the one before; 1: the full size only; auto: from 128 px on. */
  scales: numberOrAuto({
    group: 'start',
    default: 'auto',
    range: { whole: true, min: 1, max: 8 },
  }),
  /** Steps at the coarsest scale for each step at another. */
  coarseShare: number({
    group: 'start',
    default: 1,
    before: 1,
    range: { min: 0.25, max: 8 },
  }),

  /** Empty: the network's own defaults. */
  styleLayers: layers(),
  /** Empty: the network's own defaults. */
  contentLayers: layers(),
  /** Of a network's own style layers: how many times less each counts than the one before it. */
  layerDecay: amount({
    group: 'network',
    default: 4,
    before: 1,
    range: { min: 1, max: 64 },
    slider: [1, 16],
  }),
  /** Average: times 2, so that activations stay as large as after the maximum (crowsonkb/style-transfer-pytorch). */
  pooling: choice({ group: 'network', default: 'max', options: ['max', 'average'] }),
  /** What the first convolution sees beyond the border: nothing, or the border repeated. */
  edges: choice({
    group: 'network',
    default: 'replicate',
    before: 'zeros',
    options: ['zeros', 'replicate'],
  }),

  /** What of a style layer is compared; see engine/losses. */
  styleLossKind: choice({
    group: 'loss',
    default: 'wasserstein',
    before: 'gram',
    options: ['gram', 'wasserstein', 'moments', 'swag'],
  }),
  /** Wasserstein: leading directions of a layer's covariance that are compared in full; 0: all, at the price of large roots. */
  directions: amount({
    group: 'loss',
    default: 64,
    before: 0,
    range: { whole: true, min: 0, max: 4096 },
    slider: [16, 512],
  }),
  /** What of a content layer is compared; see engine/losses. */
  contentLossKind: choice({
    group: 'loss',
    default: 'activations',
    before: 'activations',
    options: ['activations', 'swag'],
  }),
  /**
   * Units of the activations in both losses: the network's own, or such that the photo's mean activation in each layer is
   * 0.6, about as in torchvision's VGG19; then weights mean the same on networks of any convention.
   */
  activations: choice({
    group: 'loss',
    default: 'scaled',
    before: 'own',
    options: ['own', 'scaled'],
  }),
  /**
   * What activations are divided by before the softmax of `swag`. By 2.5 its loss is about as large as that of
   * `wasserstein` on both ResNets; by 1 a thousand times that and more.
   */
  temperature: amount({
    group: 'loss',
    default: 2.5,
    before: 1,
    range: { min: 1e-3 },
    slider: [0.01, 100],
  }),
  /** Squared differences: mean, sum, or relative to the target's own squares, which makes all networks alike. */
  styleLoss: choice({
    group: 'loss',
    default: 'mean',
    options: ['mean', 'sum', 'relative'],
  }),
  /** Gram matrix divided by: nothing, H·W, or C·H·W. */
  gram: choice({ group: 'loss', default: 'hw', options: ['none', 'hw', 'chw'] }),
  /** Style: sum or mean over the layers. */
  layerSum: choice({ group: 'loss', default: 'mean', options: ['sum', 'mean'] }),
  contentLoss: choice({
    group: 'loss',
    default: 'mean',
    options: ['mean', 'half-sum', 'relative'],
  }),
  /** Form of the total variation; see engine/losses/tv.ts. */
  tv: choice({
    group: 'loss',
    default: 'nine-point',
    options: ['half-squares', 'absolute', 'mean-squares', 'nine-point'],
  }),
  /** In place of the network's own input convention; null: the network's. */
  preprocess: other<Preprocess | null>({
    group: 'loss',
    default: null,
    schema: v.nullable(preprocess),
    control: 'text',
    syntax: 'NAME|RANGE:R,G,B:R,G,B[:bgr]',
    expects: `network, ${Object.keys(CONVENTIONS).join(', ')}, or range, means and deviations: 255:123.7,116.3,103.5:1,1,1`,
    read: readPreprocess,
    write: writePreprocess,
  }),

  optimizer: choice({
    group: 'optimiser',
    default: 'adam',
    options: ['adam', 'lbfgs'],
    // A step of the one is not a step of the other.
    brings: { adam: { learningRate: 0.02 }, lbfgs: { learningRate: 1 } },
  }),
  /** Step length in units of `pixelRange`. */
  learningRate: amount({
    group: 'optimiser',
    default: 0.02,
    range: { above: 0 },
    slider: [0.001, 10],
  }),
  /** Adam's decay rates of the first and second moment. */
  betas: other<[number, number]>({
    group: 'optimiser',
    default: [0.9, 0.99],
    schema: v.strictTuple([decay, decay]),
    control: 'text',
    syntax: 'X,X',
    expects: 'two numbers from 0 to below 1: 0.9,0.99',
    read: readNumbers,
    write: String,
  }),
  /** L-BFGS: pairs of steps and gradient changes that are remembered. */
  history: amount({
    group: 'optimiser',
    default: 20,
    range: { whole: true, min: 1, max: 100 },
    slider: [1, 100],
  }),
  lineSearch: choice({ group: 'optimiser', default: 'none', options: ['none', 'strong-wolfe'] }),
  /** Shrink the step and go back to the best image when the loss jumps or stops falling. */
  stepControl: toggle({ group: 'optimiser', default: true }),
  /** Largest Euclidean norm of the gradient, in units of `pixelRange`; 0: no clipping. */
  gradientClip: amount({
    group: 'optimiser',
    default: 0,
    range: { min: 0 },
    slider: [0.001, 1000],
  }),
  /** Keep the image inside 0..1 after every step. */
  clamp: toggle({ group: 'optimiser', default: true }),
  /**
   * Decay of the running average of the iterates, which is then the result; 0: none; auto: such that it looks back over
   * about a tenth of the steps.
   */
  averaging: numberOrAuto({
    group: 'optimiser',
    default: 'auto',
    range: { min: 0, below: 1 },
  }),
  /** Adam: moments of one scale are resampled and go on at the next. */
  carryMoments: toggle({ group: 'optimiser', default: true, before: false }),
  /** Units in which the optimiser sees a pixel: 1, 255 or 256. */
  pixelRange: number({ group: 'optimiser', default: 1, range: { min: 1 } }),

  /** Arithmetic of the network; auto: 16 bits where the GPU has them. Losses and image always have 32. */
  precision: choice({ group: 'device', default: 'auto', options: ['auto', 'fp32', 'fp16'] }),
} as const;
