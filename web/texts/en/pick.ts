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
  still: 'It moves; its first frame was taken.',
  mix: 'Mix several',
  mixOf: (n: number) => `a mix of ${plural(n, 'style', 'styles')}`,
  mixHint: (most: number) => `Tap the styles to mix, up to ${most}.`,
  crowded: (most: number) => `A mix has room for ${most} styles. Take one out to add another.`,
  weightOf: (title: string) => `Weight of ${title}`,
  percent: (share: number) => `${Math.round(100 * share)}\u00a0%`,
};

export const refuse = {
  text: (name: string) => `“${name}” is text, not a picture.`,
  svg: (name: string) => `“${name}” is a drawing (SVG), not a photo.`,
  heic: (name: string) => `This browser cannot read “${name}”, which is in Apple's HEIC format.`,
  video: (name: string) => `“${name}” is a video.`,
  empty: (name: string) => `“${name}” is empty.`,
  broken: (name: string) => `“${name}” cannot be read as a picture; it may be damaged.`,
  unknown: (name: string) => `“${name}” is not a picture this browser knows.`,
  advice: 'Choose a JPEG, PNG, WebP or AVIF file.',
  adviceSvg: 'Export it as PNG and choose that.',
  adviceHeic: 'Export it as JPEG, or on an iPhone choose Camera › Formats › Most Compatible.',
  adviceVideo: 'Take a screenshot of the moment you like and use that.',
  kept: 'Nothing was changed.',
};
