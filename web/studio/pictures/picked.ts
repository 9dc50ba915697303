/** What is on the easel and in the strips. */
import { batch, computed, signal } from '@preact/signals-core';
import { chooseAlone, mixing, mixture, setMixture } from './mixture.ts';
import type { ChosenStyle, Picture } from './picture.ts';
import { fetchSamples } from './samples.ts';

export type Role = 'photo' | 'style';

/** One's own stand before the samples, the newest first. */
export const pictures = {
  photo: signal<readonly Picture[]>([]),
  style: signal<readonly Picture[]>([]),
} as const;

const photoId = signal<string | null>(null);

/** The samples have come, or will not. */
export const stocked = signal(false);

export const photo = computed(
  () => pictures.photo.value.find(({ id }) => id === photoId.value) ?? null,
);

export const styles = computed<readonly ChosenStyle[]>(() =>
  mixture.value.flatMap(({ id, weight }) => {
    const picture = pictures.style.value.find((style) => style.id === id);
    return picture ? [{ picture, weight }] : [];
  }),
);

export function choosePhoto(id: string): void {
  photoId.value = id;
}

/** Puts a picture into its strip, without choosing it. */
export function shelve(role: Role, picture: Picture): void {
  const { value: known } = pictures[role];
  if (!known.some(({ id }) => id === picture.id)) pictures[role].value = [picture, ...known];
}

/** Everything as it is now, to go back to. */
export function remembered(): () => void {
  const before = [pictures.photo.value, pictures.style.value, photoId.value] as const;
  const [parts, mixed] = [mixture.value, mixing.value];
  return () =>
    batch(() => {
      [pictures.photo.value, pictures.style.value, photoId.value] = before;
      setMixture(parts);
      mixing.value = mixed;
    });
}

/** A run that is gone on with may have brought some of them already. */
function stock(role: Role, samples: readonly Picture[]): void {
  const { value: known } = pictures[role];
  const others = samples.filter((sample) => !known.some(({ id }) => id === sample.id));
  pictures[role].value = [...known, ...others];
}

/** Without its samples the page still works with one's own pictures. */
export async function loadSamples(): Promise<void> {
  const samples = await fetchSamples().catch(() => ({ photos: [], styles: [] }));
  batch(() => {
    stock('photo', samples.photos);
    stock('style', samples.styles);
    photoId.value ??= samples.photos[0]?.id ?? null;
    const [first] = samples.styles;
    if (first && mixture.value.length === 0) chooseAlone(first.id);
    stocked.value = true;
  });
}

/** Puts pictures from elsewhere on the easel and into the strips: a run that is gone on with, a job from Telegram. */
export function display(photo: Picture, styles: readonly ChosenStyle[]): void {
  batch(() => {
    shelve('photo', photo);
    choosePhoto(photo.id);
    for (const { picture } of [...styles].reverse()) shelve('style', picture);
    setMixture(styles.map(({ picture, weight }) => ({ id: picture.id, weight })));
  });
}
