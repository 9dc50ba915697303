import { PICTURE_WORDS } from '../../../shared/pictures/words.ts';
import { plural } from './words.ts';

export const pick = {
  photo: 'Photo',
  style: 'Style',
  another: 'Another photo',
  addPhoto: 'Choose a photo from your device',
  addStyle: 'Choose style pictures from your device',
  camera: 'Take a photo with the camera',
  dropPhoto: 'Repaint this photo',
  dropStyle: 'Use as the style',
  photoReplaced: 'A new photo is on the easel.',
  stylesAdded: (n: number) =>
    n === 1 ? 'The style is in the strip.' : `${n} styles are in the strip.`,
  useAsStyle: 'Use it as the style instead',
  undo: 'Undo',
  scaled: (from: string, to: string) =>
    `That picture is very large (${from}), so it was scaled to ${to}.`,
  networkTaken: (name: string) =>
    `${name} is on this device now and paints from here on. Its layers are in the settings.`,
  mix: 'Mix several',
  mixOf: (n: number) => `a mix of ${plural(n, 'style', 'styles')}`,
  mixHint: (most: number) => `Tap the styles to mix, up to ${most}.`,
  crowded: (most: number) => `A mix has room for ${most} styles. Take one out to add another.`,
  weightOf: (title: string) => `Weight of ${title}`,
  percent: (share: number) => `${Math.round(100 * share)}\u00a0%`,
};

export const refuse = { ...PICTURE_WORDS.en, kept: 'Nothing was changed.' };
