/** A job's pictures and options, put where the person's own would be. */
import { computed, effect, signal } from '@preact/signals-core';
import type { JobOptions } from '../../../shared/job.ts';
import type { SavedJob } from '../../storage/jobs.ts';
import { recall } from '../../storage/memory.ts';
import { once } from '../kit/once.ts';
import { display, photo } from '../pictures/picked.ts';
import { mended } from '../pictures/file.ts';
import { restore, type Picture } from '../pictures/picture.ts';
import { origin } from '../run/wish.ts';
import { readWishes } from '../kit/address.ts';
import { chooseSize } from '../choices/choices.ts';
import { choose } from '../choices/families.ts';
import { chooseUpscaler, networks } from '../networks/networks.ts';
import { sketchSoon } from '../sketch/sketch.ts';
import { inEach } from '../../../shared/languages.ts';
import { language, WORDS, type Language, type Texts } from '../../texts/index.ts';
import { brought } from './state.ts';

/** @throws Error if one of them cannot be read */
export async function open({ view, inputs }: SavedJob): Promise<readonly Picture[]> {
  const styles = view!.inputs.filter(({ role }) => role === 'style');
  return await Promise.all(
    view!.inputs.map(async (input) => {
      const nth = styles.length > 1 ? styles.indexOf(input) + 1 : null;
      const name = ({ job: t }: Texts) => (input.role === 'content' ? t.photo : t.style(nth));
      const title = inEach((code) => name(WORDS[code]));
      const { blob } = await mended(inputs[input.index]!);
      return restore({ blob, title, sample: null });
    }),
  );
}

let pictures: readonly Picture[] = [];
/** The chat's photo; a run that is gone on with may bring a copy of it. */
const photos = signal<ReadonlySet<string>>(new Set());

/** Puts the job's pictures on the easel: the photo, then the styles. */
export function show(shown: readonly Picture[]): void {
  pictures = shown;
  const [content, ...styles] = shown;
  countAsPhoto(content!);
  display(
    content!,
    styles.map((picture) => ({ picture, weight: 1 })),
  );
  sketchSoon();
}

/** After a look at something else. */
export const showAgain = (): void => show(pictures);

export function countAsPhoto({ id }: Picture): void {
  photos.value = new Set([...photos.value, id]);
}

const ours = computed(() => photo.value !== null && photos.value.has(photo.value.id));

/** Whoever puts another photo on the easel does not paint for the chat any more, until the photo is back. */
export function keepOrigin(): void {
  effect(() => {
    const [job, here] = [brought.value, ours.value];
    if (!job) return;
    if (here) origin.value = job.id;
    else if (origin.peek() === job.id) origin.value = null;
  });
}

/** What was chosen in the chat; the address still has the last word, for tests and for trying things. */
export async function apply({ network, size, upscale }: JobOptions): Promise<void> {
  if (readWishes(location.search).settings.size === undefined) chooseSize(size);
  chooseUpscaler(upscale || null);
  await listed();
  choose(network);
}

/** Once the networks are known; that may be after a second try. */
const listed = () => once(() => networks.value !== null && networks.value !== 'missing');

/** The chat's language, unless the person has chosen one here. */
export function speakAs(lang: Language): void {
  if (recall('language') === null) language.value = lang;
}
