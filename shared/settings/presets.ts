/** Ours, and those of the programs that everybody knows, figure by figure. */
import * as v from 'valibot';
import { DEFAULT, settingsSchema, type StyleSettings } from './schema.ts';
import type { Layer } from './values.ts';

const layers = (...taps: string[]): Layer[] => taps.map((tap) => ({ tap, weight: 1 }));
const RELU_1_TO_5 = ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'];

/** Gatys' loss, in the pyramid and with the control of steps that were ours before. */
const GRAM: StyleSettings = {
  ...DEFAULT,
  init: 'content',
  scales: 3,
  averaging: 0,
  carryMoments: false,
  contentWeight: 1,
  styleWeight: 15,
  paletteWeight: 0,
  tvWeight: 10,
  layerDecay: 1,
  directions: 0,
  edges: 'zeros',
  styleLossKind: 'gram',
  activations: 'own',
  styleLoss: 'relative',
  contentLoss: 'relative',
  layerSum: 'sum',
};

/** A reference program: its own figures, one scale, nothing of ours added. */
const reference: StyleSettings = {
  ...GRAM,
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
  /** Ours: tuned for the best pictures in the fewest steps. */
  default: DEFAULT,

  /** Gram matrices, relative to the style's own: what `default` was at first. */
  gram: GRAM,

  /** crowsonkb/style-transfer-pytorch with its default options, activations in the scale of torchvision's VGG19. */
  crowson: {
    ...DEFAULT,
    init: 'content',
    steps: 3000,
    coarseShare: 2,
    stepControl: false,
    averaging: 0.99,
    contentWeight: 0.015,
    styleWeight: 1,
    paletteWeight: 0,
    tvWeight: 2,
    layerSum: 'sum',
    directions: 0,
    styleLayers: RELU_1_TO_5.map((tap, i) => ({ tap, weight: 4 ** (4 - i) / 341 })),
    contentLayers: layers('relu4_2'),
  },

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
