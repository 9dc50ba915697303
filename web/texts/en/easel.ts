export const easel = {
  label: 'Easel',
  photo: 'Photo',
  pastiche: 'Painting',
  photoAlt: (name: string) => `Photo: ${name}`,
  pasticheAlt: (style: string) => `The photo, repainted in the manner of: ${style}`,
  compare: 'Compare: how much of the photo to show',
  empty: 'Drop a photo here, paste one, or choose one.',
  hint: 'Drop or paste another photo anywhere on the page, or a picture to paint like.',
};
