/** What a run is asked to do, in the terms of the field. The page, the command line and the engine speak of the same fields. */
import * as v from 'valibot';

const layer = v.object({
  /** Tap name: `relu1_1`, `layer1.2`, or any value of an ONNX file. */
  tap: v.pipe(v.string(), v.minLength(1)),
  /** Factor of this layer's loss. */
  weight: v.pipe(v.number(), v.finite(), v.minValue(0)),
});
export type Layer = v.InferOutput<typeof layer>;

const factor = v.pipe(v.number(), v.finite(), v.minValue(0));

/** How a network's input is made from RGB 0..1: (x · range − mean) / std, mean and std in that range. */
export const preprocess = v.object({
  range: v.pipe(v.number(), v.finite(), v.minValue(1e-6)),
  mean: v.tuple([v.number(), v.number(), v.number()]),
  std: v.tuple([v.number(), v.number(), v.number()]),
});
export type Preprocess = v.InferOutput<typeof preprocess>;

export const LIMITS = {
  size: { min: 16, max: 4096 },
  steps: { min: 1, max: 10_000 },
  styles: { min: 1, max: 5 },
  history: { min: 1, max: 100 },
} as const;

const whole = ({ min, max }: { min: number; max: number }) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

export const settingsSchema = v.object({
  /** Long side of the pastiche in pixels. */
  size: whole(LIMITS.size),
  /** Evaluations of the loss and its gradient, over all scales together. */
  steps: whole(LIMITS.steps),
  /** Levels of the pyramid, each √2 larger than the one before; 1: the full size only. */
  scales: whole({ min: 1, max: 8 }),
  optimizer: v.picklist(['adam', 'lbfgs']),
  /** Step length in units of `pixelRange`. */
  learningRate: v.pipe(v.number(), v.finite(), v.gtValue(0)),
  /** Adam's decay rates of the first and second moment. */
  betas: v.tuple([
    v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
    v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  ]),
  /** L-BFGS: pairs of steps and gradient changes that are remembered. */
  history: whole(LIMITS.history),
  lineSearch: v.picklist(['none', 'strong-wolfe']),
  /** Largest Euclidean norm of the gradient, in units of `pixelRange`; 0: no clipping. */
  gradientClip: factor,
  /** Shrink the step and go back to the best image when the loss jumps or stops falling. */
  stepControl: v.boolean(),
  /** Keep the image inside 0..1 after every step. */
  clamp: v.boolean(),
  /** Decay of the running average of the iterates, which is then the result; 0: none. */
  averaging: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  /** Units in which the optimiser sees a pixel: 1, 255 or 256. */
  pixelRange: v.pipe(v.number(), v.finite(), v.minValue(1)),
  init: v.picklist(['content', 'noise', 'style']),
  /** Standard deviation of `noise` around the network's mean colour, in 0..1. */
  noise: factor,
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
  contentWeight: factor,
  styleWeight: factor,
  tvWeight: factor,
  /** Empty: the network's own defaults. */
  styleLayers: v.array(layer),
  contentLayers: v.array(layer),
  /** What of a style layer is compared; see engine/losses. */
  styleLossKind: v.picklist(['gram', 'wasserstein', 'moments', 'swag']),
  /** What of a content layer is compared; see engine/losses. */
  contentLossKind: v.picklist(['activations', 'swag']),
  /**
   * Units of the activations in both losses: the network's own, or such that the photo's mean activation in each layer is
   * 0.6, about as in torchvision's VGG19; then weights mean the same on networks of any convention.
   */
  activations: v.picklist(['own', 'scaled']),
  /** What activations are divided by before the softmax of `swag`. */
  temperature: v.pipe(v.number(), v.finite(), v.minValue(1e-3)),
  /** Gram matrix divided by: nothing, H·W, or C·H·W. */
  gram: v.picklist(['none', 'hw', 'chw']),
  /** Squared differences: mean, sum, or relative to the target's own squares, which makes all networks alike. */
  styleLoss: v.picklist(['mean', 'sum', 'relative']),
  contentLoss: v.picklist(['mean', 'half-sum', 'relative']),
  /** Style: sum or mean over the layers. */
  layerSum: v.picklist(['sum', 'mean']),
  /** Form of the total variation; see engine/losses/tv.ts. */
  tv: v.picklist(['half-squares', 'absolute', 'mean-squares', 'nine-point']),
  pooling: v.picklist(['max', 'average']),
  /** Style pictures' long side relative to the pastiche's. */
  styleScale: v.pipe(v.number(), v.minValue(0.1), v.maxValue(4)),
  /** In place of the network's own input convention; null: the network's. */
  preprocess: v.nullable(preprocess),
  /** Repaint the luminance only; hue and saturation stay the photo's. */
  keepColours: v.boolean(),
  /** Arithmetic of the network; auto: 16 bits where the GPU has them. Losses and image always have 32. */
  precision: v.picklist(['auto', 'fp32', 'fp16']),
});

export type StyleSettings = v.InferOutput<typeof settingsSchema>;

/** Ours: tuned for the best pictures in the fewest steps. */
const DEFAULT: StyleSettings = {
  size: 512,
  steps: 200,
  scales: 3,
  optimizer: 'adam',
  learningRate: 0.02,
  betas: [0.9, 0.99],
  history: 20,
  lineSearch: 'none',
  gradientClip: 0,
  stepControl: true,
  clamp: true,
  averaging: 0,
  pixelRange: 1,
  init: 'content',
  noise: 0.15,
  seed: 0,
  contentWeight: 1,
  styleWeight: 15,
  tvWeight: 10,
  styleLayers: [],
  contentLayers: [],
  styleLossKind: 'gram',
  contentLossKind: 'activations',
  activations: 'own',
  temperature: 1,
  gram: 'hw',
  styleLoss: 'relative',
  contentLoss: 'relative',
  layerSum: 'sum',
  tv: 'nine-point',
  pooling: 'max',
  styleScale: 1,
  preprocess: null,
  keepColours: false,
  precision: 'auto',
};

const layers = (...taps: string[]): Layer[] => taps.map((tap) => ({ tap, weight: 1 }));
const RELU_1_TO_5 = ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'];

/** A reference program: its own figures, one scale, nothing of ours added. */
const reference: StyleSettings = {
  ...DEFAULT,
  scales: 1,
  tvWeight: 0,
  optimizer: 'lbfgs',
  learningRate: 1,
  history: 100,
  stepControl: false,
  clamp: false,
  betas: [0.9, 0.999],
  styleLoss: 'mean',
  contentLoss: 'mean',
};

export const PRESETS = {
  default: DEFAULT,

  /** PyTorch's "Neural Transfer Using PyTorch" (advanced_source/neural_style_tutorial.py). */
  tutorial: {
    ...reference,
    steps: 300,
    clamp: true,
    contentWeight: 1,
    styleWeight: 1e6,
    gram: 'chw',
    styleLayers: layers('conv1_1', 'conv1_2', 'conv2_1', 'conv2_2', 'conv3_1'),
    contentLayers: layers('conv2_2'),
  },

  /** Gatys, Ecker, Bethge, CVPR 2016, as in leongatys/NeuralImageSynthesis: style weights 1000/C². */
  gatys: {
    ...reference,
    steps: 500,
    pixelRange: 255,
    contentWeight: 1,
    styleWeight: 1,
    gram: 'hw',
    styleLayers: [64, 128, 256, 512, 512].map((channels, i) => ({
      tap: RELU_1_TO_5[i]!,
      weight: 1e3 / channels ** 2,
    })),
    contentLayers: layers('relu4_2'),
  },

  /** jcjohnson/neural-style with its default options. Pixels there are 0..256. */
  johnson: {
    ...reference,
    steps: 1000,
    pixelRange: 256,
    init: 'noise',
    noise: 0.001 / 256,
    contentWeight: 5,
    styleWeight: 100,
    tvWeight: 1e-3,
    tv: 'half-squares',
    gram: 'chw',
    styleLayers: layers(...RELU_1_TO_5),
    contentLayers: layers('relu4_2'),
    preprocess: { range: 256, mean: [123.68, 116.779, 103.939], std: [1, 1, 1] },
  },

  /** gordicaleksa/pytorch-neural-style-transfer, L-BFGS from the content image. */
  gordic: {
    ...reference,
    size: 400,
    steps: 1000,
    pixelRange: 255,
    lineSearch: 'strong-wolfe',
    contentWeight: 1e5,
    styleWeight: 3e4,
    tvWeight: 1,
    tv: 'absolute',
    gram: 'chw',
    styleLoss: 'sum',
    layerSum: 'mean',
    styleLayers: layers(...RELU_1_TO_5),
    contentLayers: layers('relu4_2'),
    preprocess: { range: 255, mean: [123.675, 116.28, 103.53], std: [1, 1, 1] },
  },
} as const satisfies Record<string, StyleSettings>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** A preset with some fields changed; throws valibot's ValiError if a value is out of range. */
export function makeSettings(
  preset: PresetName,
  changes: Partial<StyleSettings> = {},
): StyleSettings {
  return v.parse(settingsSchema, { ...PRESETS[preset], ...changes });
}
