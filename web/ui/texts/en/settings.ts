import { duration, megabytes } from '../numbers.ts';
import { UNITS } from './words.ts';

export const settings = {
  network: 'Network',
  networkHint: 'What looks at the pictures.',
  noNetworks: 'The list of networks could not be fetched.',
  retry: 'Try again',
  look: 'Look',
  looks: { quick: 'Quick', balanced: 'Balanced', best: 'Best' },
  lookHint: (steps: number) => `${steps} steps`,
  size: 'Size',
  sizeHint: 'Longer side of the painting',
  pixels: (n: number) => `${n} px`,
  megabytes: (bytes: number) => megabytes(UNITS, bytes),
  about: (seconds: number) => `about ${duration(UNITS, seconds)} on this device`,
};
