/** What is on the easel and in the strips, and how it gets there. */
import { batch, computed, signal } from '@preact/signals';
import { notify, refuse } from '../easel/notice.ts';
import { openFile, RefusedFile, type OpenedFile, type Picture } from './picture.ts';
import { fetchSamples } from './samples.ts';

export type Role = 'photo' | 'style';

export interface Shelf {
  readonly pictures: readonly Picture[];
  readonly chosen: string | null;
}

const EMPTY: Shelf = { pictures: [], chosen: null };

export const shelves = {
  photo: signal<Shelf>(EMPTY),
  style: signal<Shelf>(EMPTY),
} as const;

/** The samples have come, or will not. */
export const stocked = signal(false);

const chosenOf = ({ pictures, chosen }: Shelf) => pictures.find(({ id }) => id === chosen) ?? null;

export const photo = computed(() => chosenOf(shelves.photo.value));
export const style = computed(() => chosenOf(shelves.style.value));

export function choose(role: Role, id: string): void {
  shelves[role].value = { ...shelves[role].value, chosen: id };
}

/** One's own pictures stand before the samples. */
function add(role: Role, picture: Picture): void {
  const { pictures } = shelves[role].value;
  shelves[role].value = { pictures: [picture, ...pictures], chosen: picture.id };
}

function fill(role: Role, samples: readonly Picture[]): void {
  const { pictures, chosen } = shelves[role].value;
  shelves[role].value = {
    pictures: [...pictures, ...samples],
    chosen: chosen ?? samples[0]?.id ?? null,
  };
}

/** Without its samples the page still works with one's own pictures. */
export async function loadSamples(): Promise<void> {
  const samples = await fetchSamples().catch(() => ({ photos: [], styles: [] }));
  batch(() => {
    fill('photo', samples.photos);
    fill('style', samples.styles);
    stocked.value = true;
  });
}

/** Takes a file from picker, drop or paste; a bad one changes nothing and is explained. */
export async function take(file: File, role: Role): Promise<void> {
  let opened: OpenedFile;
  try {
    opened = await openFile(file);
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    refuse(error.reason, error.file);
    return;
  }
  const before = { photo: shelves.photo.value, style: shelves.style.value };
  const restore = () =>
    batch(() => {
      shelves.photo.value = before.photo;
      shelves.style.value = before.style;
    });
  add(role, opened.picture);
  const { scaledFrom, picture } = opened;
  const instead =
    role === 'photo'
      ? () => {
          restore();
          add('style', picture);
          notify({ kind: 'taken', role: 'style', scaled: null, undo: restore });
        }
      : undefined;
  const scaled = scaledFrom && {
    from: `${scaledFrom.width} × ${scaledFrom.height}`,
    to: `${picture.width} × ${picture.height}`,
  };
  notify({ kind: 'taken', role, scaled, undo: restore, ...(instead && { instead }) });
}
