import type { FieldWords } from '../../../shared/settings.ts';

/** The settings of shared/settings/table.ts: on the page, and as the command line's help. */
export const fields: FieldWords = {
  size: { label: 'Size', hint: 'Longer side of the painting, in pixels.' },
  colours: {
    label: 'Colours',
    hint: 'Whose colours the painting has.',
    options: {
      style: 'The style’s',
      palette: 'Its exact palette',
      photo: 'My photo’s palette',
      luminance: 'My photo’s colours',
    },
  },

  steps: {
    label: 'Steps',
    hint: 'How many times the picture is improved, over all scales.',
  },
  styleWeight: {
    label: 'Style weight',
    hint: 'More: nearer to the brush and colours of the style.',
  },
  contentWeight: {
    label: 'Photo weight',
    hint: 'More: nearer to the shapes of the photo.',
  },
  paletteWeight: {
    label: 'Palette weight',
    hint: 'More: the colours as a whole nearer to those of the style.',
  },
  tvWeight: { label: 'Smoothness', hint: 'More: less grain, softer edges.' },
  styleScale: {
    label: 'Style scale',
    hint: 'Larger: broader strokes, as if the style hung closer.',
  },

  init: {
    label: 'Begin from',
    hint: 'The first picture. A sketch needs the fewest steps, noise many more.',
    options: { content: 'Photo', sketch: 'Sketch', noise: 'Noise', style: 'Style' },
  },
  seed: {
    label: 'Seed',
    hint: 'Another number, another noise; the same number, the same picture.',
  },
  noise: {
    label: 'Strength of the noise',
    hint: 'Its deviation from grey; 1 is the way from black to white.',
  },
  scales: {
    label: 'Scales',
    hint: 'Sizes that are painted one after the other, each 1.4 times the one before; auto: from 128 px, after a sketch from 256.',
  },
  coarseShare: {
    label: 'Share of the smallest scale',
    hint: 'Steps there for each step at another scale.',
  },

  styleLayers: {
    label: 'Style layers',
    hint: 'Where the network looks for style: the first see grain and colour, the last whole strokes.',
  },
  contentLayers: {
    label: 'Photo layer',
    hint: 'Where the network looks for the photo: deeper keeps less detail.',
  },
  layerDecay: {
    label: 'Decay over the layers',
    hint: 'How many times less each style layer counts than the one before, where layers are the network’s own.',
  },
  pooling: {
    label: 'Pooling',
    hint: 'How the network shrinks what it sees. Average is softer.',
    options: { max: 'Maximum', average: 'Average' },
  },
  edges: {
    label: 'Beyond the border',
    hint: 'What the network sees there. Repeated, the border leaves no frame in the painting.',
    options: { zeros: 'Nothing', replicate: 'The border' },
  },
  preprocess: {
    label: 'Input of the network',
    hint: '“network”: its own. Else torchvision, caffe, tf, 0..1, 0..255, or range, means and deviations of the channels: 255:123.7,116.3,103.5:1,1,1.',
  },

  styleLossKind: {
    label: 'What style is',
    hint: 'What of the network’s activations the two pictures are compared by.',
    options: {
      gram: 'Gram matrix',
      wasserstein: 'Wasserstein',
      moments: 'Moments',
      swag: 'SWAG',
    },
  },
  directions: {
    label: 'Directions',
    hint: 'Of Wasserstein: how many are compared in full. 0: all, which takes long in deep layers.',
  },
  contentLossKind: {
    label: 'What content is',
    hint: 'Activations as they are, or smoothed by a softmax, which suits ResNet.',
    options: { activations: 'Activations', swag: 'SWAG' },
  },
  activations: {
    label: 'Units of the activations',
    hint: 'The network’s own, or the photo’s mean in each layer brought to 0.6.',
    options: { own: 'Own', scaled: 'Scaled' },
  },
  temperature: {
    label: 'Temperature of SWAG',
    hint: 'Higher: smoother activations.',
  },
  styleLoss: {
    label: 'Style difference',
    hint: 'Mean or sum of squares, or relative to the style’s own, which makes networks alike.',
    options: { mean: 'Mean', sum: 'Sum', relative: 'Relative' },
  },
  gram: {
    label: 'Gram matrix divided by',
    hint: 'Nothing, the number of places, or places times channels.',
    options: { none: 'Nothing', hw: 'H·W', chw: 'C·H·W' },
  },
  layerSum: {
    label: 'Layers together',
    hint: 'Whether their differences are added up or averaged.',
    options: { sum: 'Sum', mean: 'Mean' },
  },
  contentLoss: {
    label: 'Photo difference',
    hint: 'Mean or half the sum of squares, or relative to the photo’s own.',
    options: { mean: 'Mean', 'half-sum': 'Half the sum', relative: 'Relative' },
  },
  tv: {
    label: 'Total variation',
    hint: 'How neighbouring pixels are compared for smoothness: squares, absolute values, or all eight neighbours.',
    options: {
      'half-squares': 'Half the squares',
      absolute: 'Absolute',
      'mean-squares': 'Mean squares',
      'nine-point': 'Nine points',
    },
  },

  optimizer: {
    label: 'Optimiser',
    hint: 'How steps are chosen. L-BFGS is the classic; it needs more memory.',
    options: { adam: 'Adam', lbfgs: 'L-BFGS' },
  },
  learningRate: {
    label: 'Step length',
    hint: 'Longer: faster, until it overshoots. Each optimiser has its own.',
  },
  betas: {
    label: 'Adam’s memory',
    hint: 'Decay of the running means of the gradient and of its square.',
  },
  history: {
    label: 'L-BFGS’s memory',
    hint: 'How many steps it remembers; each takes two pictures’ room.',
  },
  lineSearch: {
    label: 'Line search',
    hint: 'Whether L-BFGS looks along each step for the best length, by Wolfe’s strong conditions.',
    options: { none: 'None', 'strong-wolfe': 'Strong Wolfe' },
  },
  stepControl: {
    label: 'Step control',
    hint: 'Back to the best picture, with a shorter stride, when the loss jumps or stops falling.',
  },
  gradientClip: {
    label: 'Limit of the gradient',
    hint: 'Longer gradients are shortened to this.',
  },
  clamp: {
    label: 'Hold colours in range',
    hint: 'After each step, what is beyond black or white is brought back.',
  },
  averaging: {
    label: 'Averaging',
    hint: 'The result is the running average of the steps, with this decay: 0.99 looks back about 100 steps; auto: a tenth of them; 0: none.',
  },
  carryMoments: {
    label: 'Keep momentum',
    hint: 'Adam goes on at the next scale with what it has learnt of the gradient.',
  },
  pixelRange: {
    label: 'Range of a pixel',
    hint: 'What white is for the optimiser: 1, or 255 as in older programs.',
  },

  precision: {
    label: 'Precision',
    hint: '16 bits are faster and need a fifth to a third less memory, where the GPU has them.',
    options: { auto: 'Automatic', fp32: '32 bits', fp16: '16 bits' },
  },
};
