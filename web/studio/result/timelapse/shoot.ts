/** The film's way from the button to the disk. */
import { signal } from '@preact/signals-core';
import { notify } from '../../notice/notice.ts';
import { download } from '../../kit/download.ts';
import { drawAt, toBlob } from '../../kit/pixels.ts';
import { loadImage } from '../../pictures/picture.ts';
import type { Wish } from '../../run/wish.ts';
import { finished, type Painting } from '../../run/state.ts';
import { baseName } from '../describe.ts';
import { encodePicture } from '../encode.ts';
import { atStrength, looked } from '../shown.ts';
import type { Track } from './film.ts';
import { reelOf } from './reel.ts';

/** Percent of the film that is made; null when none is being made. */
export const shooting = signal<number | null>(null);
let stopper = new AbortController();

export const canShoot = (by: Wish, paintings: readonly Painting[]): boolean =>
  typeof VideoEncoder !== 'undefined' && paintings.every((painting) => reelOf(by, painting));

export const stopShooting = (): void => stopper.abort();

export async function shoot(): Promise<void> {
  const now = finished.peek();
  const paintings = looked.peek();
  const [first] = paintings;
  if (!now || !first || shooting.value !== null) return;
  const { signal } = (stopper = new AbortController());
  shooting.value = 0;
  try {
    const [{ makeFilm }, ...tracks] = await Promise.all([
      import('./film.ts'),
      ...paintings.map((painting) => trackOf(now.wish, painting)),
    ]);
    const { width, height } = first.image;
    const onProgress = (part: number) => (shooting.value = Math.floor(100 * part));
    const { blob, ending } = await makeFilm(tracks, { width, height, signal, onProgress });
    download(blob, `${baseName(now.wish)}.${ending}`);
  } catch {
    if (!signal.aborted) notify({ kind: 'not-filmed' });
  } finally {
    shooting.value = null;
  }
}

async function trackOf(by: Wish, painting: Painting): Promise<Track> {
  const { image } = painting;
  const photo = drawAt(await loadImage(by.photo.url), image.width, image.height);
  return [
    await toBlob(photo, 'image/png'),
    ...((await reelOf(by, painting)?.frames()) ?? []),
    await encodePicture(await atStrength(by.photo, image), 'png'),
  ];
}
