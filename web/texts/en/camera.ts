import { decimals } from '../numbers.ts';
import { LOCALE } from './words.ts';

const number = (value: number) => decimals(LOCALE, value, value < 10 ? 1 : 0);

export const camera = {
  open: 'Camera: see it painted as it comes',
  opening: 'Waiting for the camera …',
  label: 'What the camera sees, painted in the chosen style',
  live: 'Live',
  first: 'The first picture is being painted …',
  unpainted: 'It cannot be painted as it comes on this device; a photo can be.',
  take: 'Take the photo',
  turn: 'Other camera',
  close: 'Switch the camera off',
  /** Of the photo's file. */
  name: 'Camera',
  rate: (perSecond: number, width: number, height: number) =>
    perSecond >= 1
      ? `${number(perSecond)} pictures a second, ${width} × ${height}`
      : `a picture every ${number(1 / perSecond)} s, ${width} × ${height}`,
  trouble: {
    refused: 'The camera may not be used here.',
    none: 'No camera was found.',
    busy: 'The camera does not answer.',
  },
  advice: {
    refused:
      'Allow it for this page in the browser’s settings (the sign beside the address), or choose a photo from your device.',
    none: 'Connect one, or choose a photo from your device.',
    busy: 'Another program may be using it: close that and try again, or choose a photo from your device.',
  },
};
