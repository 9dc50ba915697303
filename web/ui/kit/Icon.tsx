/** Line icons on a 20 × 20 grid. They never stand alone: a word or an aria-label is beside them. */
const PATHS = {
  plus: 'M10 4v12M4 10h12',
  pause: 'M7 4.5v11M13 4.5v11',
  play: 'M6.5 4.5v11l9-5.5z',
  stop: 'M5.5 5.5h9v9h-9z',
  save: 'M10 3.5v9M6.5 9.5l3.5 3.5 3.5-3.5M4 16.5h12',
  back: 'M8 5L3.5 9.5 8 14M4 9.5h7.5a5 5 0 015 5v1',
  bell: 'M5 14.5V9a5 5 0 0110 0v5.5zM3.5 14.5h13M8.5 17h3',
  close: 'M5 5l10 10M15 5L5 15',
  photo: 'M3.5 5h13v10.5h-13zM3.5 13l3.5-3.5 3 3 2.5-2 4 3.5M13 8v.01',
  camera: 'M3.5 6.5h3l1.2-2h4.6l1.2 2h3v9h-13zM12.8 10.8a2.8 2.8 0 11-5.6 0 2.8 2.8 0 015.6 0z',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  dice: 'M4 4h12v12H4zM7.3 7.3v.01M12.7 7.3v.01M10 10v.01M7.3 12.7v.01M12.7 12.7v.01',
  copy: 'M7.5 7.5h8.5V16H7.5zM4 12.5V4h8.5',
  brush: 'M16.5 3.5L9 11M9 11l2 2M9 11c-2.5 0-3.5 1.5-3.5 3.5 0 1-.8 1.7-2 2 3.5.8 7.5.2 7.5-3.5',
  eraser: 'M8 16.5h8.5M4 12.5L12.5 4l4 4L8 16.5H6.5zM8.5 8l4 4',
  fill: 'M8.5 3.5L15 10l-5.5 5.5L4 10l6-6M16.5 12.5c.8 1.2 1.2 2 1.2 2.6a1.2 1.2 0 01-2.4 0c0-.6.4-1.4 1.2-2.6',
  redo: 'M12 5l4.5 4.5L12 14M16 9.5H8.5a5 5 0 00-5 5v1',
  load: 'M10 12.5v-9M6.5 7L10 3.5 13.5 7M4 16.5h12',
  invert: 'M10 3.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13M10 3.5v13M12 6h1.5M12 10h4M12 14h1.5',
  minus: 'M4 10h12',
  chevron: 'M6 8l4 4 4-4',
  onward: 'M4 10h11.5M11 5.5l4.5 4.5-4.5 4.5',
  enlarge: 'M11.5 4H16v4.5M16 4l-5 5M8.5 16H4v-4.5M4 16l5-5',
  film: 'M3.5 4.5h13v11h-13zM7 4.5v11M13 4.5v11M3.5 8.2H7M3.5 11.8H7M13 8.2h3.5M13 11.8h3.5',
  share: 'M10 12.5V3.5M6.5 6.5L10 3l3.5 3.5M6 9H4.5v7.5h11V9H14',
  grip: 'M7.5 6.5L4 10l3.5 3.5M12.5 6.5L16 10l-3.5 3.5',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
