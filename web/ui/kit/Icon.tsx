/** Line icons on a 20 × 20 grid. They never stand alone: a word or an aria-label is beside them. */
const PATHS = {
  plus: 'M10 4v12M4 10h12',
  pause: 'M7 4.5v11M13 4.5v11',
  play: 'M6.5 4.5v11l9-5.5z',
  stop: 'M5.5 5.5h9v9h-9z',
  save: 'M10 3.5v9M6.5 9.5l3.5 3.5 3.5-3.5M4 16.5h12',
  back: 'M8 5L3.5 9.5 8 14M4 9.5h7.5a5 5 0 015 5v1',
  close: 'M5 5l10 10M15 5L5 15',
  photo: 'M3.5 5h13v10.5h-13zM3.5 13l3.5-3.5 3 3 2.5-2 4 3.5M13 8v.01',
  grip: 'M7.5 6.5L4 10l3.5 3.5M12.5 6.5L16 10l-3.5 3.5',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
