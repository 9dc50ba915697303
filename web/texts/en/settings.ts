import { duration, megabytes } from '../numbers.ts';
import { plural, LOCALE } from './words.ts';

const about = (seconds: number) => `about ${duration(LOCALE, seconds)} on this device`;
const memory = (bytes: number) => `${megabytes(LOCALE, bytes)} of memory`;

export const settings = {
  network: 'Network',
  networkHint: 'What looks at the pictures',
  bothHint: 'A painting by each, side by side',
  families: { vgg: 'VGG', resnet: 'ResNet', both: 'Both' },
  version: 'Version',
  versions: { small: 'Small', full: 'Full' },
  comesAlong: (bytes: number) => `${megabytes(LOCALE, bytes)}, comes along`,
  download: (bytes: number) => `${megabytes(LOCALE, bytes)} to fetch`,
  here: (bytes: number) => `${megabytes(LOCALE, bytes)}, on this device`,
  noNetworks: 'The list of networks could not be fetched.',
  retry: 'Try again',

  look: 'Look',
  looks: { quick: 'Quick', balanced: 'Balanced', best: 'Best', soft: 'Soft', strong: 'Strong' },
  lookAbout: {
    quick: 'A first impression, in a third of the time.',
    balanced: 'Photo and style in balance; right for most pictures.',
    best: 'The same, worked out longer and finer.',
    soft: 'More of the photo, with a touch of the style.',
    strong: 'More of the style; the photo is a memory.',
  },
  lookHint: (steps: number) => plural(steps, 'step', 'steps'),
  lookChanged: (steps: number) => `${plural(steps, 'step', 'steps')}, changed by you`,

  sizeHint: 'Longer side of the painting',
  pixels: (n: number) => `${n} px`,
  about,
  needs: (seconds: number | null, bytes: number | null) => {
    const time = seconds === null ? '' : duration(LOCALE, seconds);
    const room = bytes === null ? '' : memory(bytes);
    const both = [time && `${time} on this device`, room].filter(Boolean).join(', ');
    return both && `About ${both}.`;
  },
  tooMuch: 'That may be too much for this device.',

  coloursAbout: {
    style: 'As the style paints them.',
    palette: 'Corrected at the end, so that no colour is foreign to the style.',
    photo: 'The style is recoloured first: its brush, in your photo’s palette.',
    luminance: 'Only light and dark are repainted; every colour stays where it is.',
  },
  upscale: 'Then upscale ×4',
  enlargement: 'Enlargement',
  upscalers: {
    'lite-sr': { label: 'Faithful', hint: 'nothing added' },
    'lite-sr-crisp': { label: 'Crisp', hint: 'clean edges' },
  },
  becomes: (width: number, height: number) => `The picture becomes ${width} × ${height}.`,

  advanced: 'Advanced',
  changed: (n: number) => `${n} changed`,
  advancedHint: 'For the curious: the look is where to begin, and Reset goes back to it.',
  off: 'off',
  layerWeight: (tap: string) => `Weight of ${tap}`,
  layersOfOne: 'Layers can be chosen while a single network paints whose layers are known.',
  groups: { loss: 'Loss functions', optimiser: 'Optimisation' },
  roll: 'Roll',
  backend: 'Run on',
  backends: { auto: 'Automatic', webgpu: 'GPU', wasm: 'Processor' },
  backendHint: 'Automatic takes the GPU where the browser offers one.',
  backendLater: 'Can be changed when the painting is finished.',
  noGpu: 'This browser offers no GPU, so it stays automatic.',
  precisionOnCpu: 'The processor always computes with 32 bits.',

  copy: 'Copy as JSON',
  paste: 'Paste',
  reset: 'Reset',
  pasteLabel: 'Settings as JSON',
  pasteHint: 'All of them or some; what is not named stays as it is.',
  apply: 'Use these',
  copied: 'The settings are on the clipboard.',
  taken: 'The settings are in use.',
  kept: 'Nothing was changed.',
  unread: {
    json: 'This is not JSON.',
    shape: 'This is JSON, but not a set of settings.',
    version: 'These settings are of a newer version of this page.',
    name: (field: string) => `There is no setting called “${field}”.`,
    value: (field: string, value: string) => `“${field}” cannot be ${value}.`,
  },
};
