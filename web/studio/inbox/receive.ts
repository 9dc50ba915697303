/** Files from picker, camera, drop, paste and other apps: what is good is taken, what is not is explained. */
import { batch } from '@preact/signals-core';
import { whyRefused } from '../../../shared/pictures/words.ts';
import { addNetwork, isNetwork } from '../networks/own.ts';
import { notify, refuse, type Remark } from '../notice/notice.ts';
import { state } from '../run/state.ts';
import { offer } from '../result/follow.ts';
import { readRecipe } from '../result/recipe.ts';
import { admit, MOST_STYLES, setMixture, type Part } from '../pictures/mixture.ts';
import { choosePhoto, pictures, remembered, shelve, type Role } from '../pictures/picked.ts';
import { openFile, RefusedFile, type OpenedFile, type Picture } from '../pictures/picture.ts';

interface Opened {
  readonly good: readonly OpenedFile[];
  readonly bad: readonly RefusedFile[];
}

/** Files that the person brought: one that this program made can be more than a photo. */
export async function receive(files: readonly File[], role: Role): Promise<void> {
  // A network comes alone, or with its weights.
  if (files.some(isNetwork)) return addNetwork(files);
  const [only, ...others] = files;
  const recipe = only && others.length === 0 && role === 'photo' ? await readRecipe(only) : null;
  if (recipe) offer(recipe, () => void placeFiles(files, role));
  else await placeFiles(files, role);
}

export const placeFile = (file: File, role: Role): Promise<void> => placeFiles([file], role);

/**
 * Several at once are an album: the first is the photo and the others are its styles, or all are styles.
 * If none is good, nothing changes.
 */
export async function placeFiles(files: readonly File[], role: Role): Promise<void> {
  // The photo, as many styles as there is room for, and one more that says there were too many.
  const { good, bad } = await openAll(files.slice(0, MOST_STYLES + 2));
  const [first] = good;
  if (!first) {
    if (bad[0]) refuse(bad[0]);
    return;
  }
  const manners = (role === 'photo' ? good.slice(1) : good).map(({ picture }) => picture);
  const undo = remembered();
  const fits = batch(() => {
    if (role === 'photo') {
      shelve('photo', first.picture);
      choosePhoto(first.picture.id);
    }
    return manners.length === 0 || placeStyles(manners);
  });
  const instead =
    role === 'photo' && manners.length === 0 ? () => asStyle(first.picture, undo) : null;
  notify({
    kind: 'taken',
    role,
    styles: manners.length,
    remarks: [...remarksOn(good, bad), ...(fits ? [] : [tooMany])],
    undo: takingBack(
      undo,
      good.map(({ picture }) => picture),
    ),
    ...(instead && { instead }),
  });
}

async function openAll(files: readonly File[]): Promise<Opened> {
  const [good, bad]: [OpenedFile[], RefusedFile[]] = [[], []];
  for (const file of files) {
    try {
      good.push(await openFile(file));
    } catch (error) {
      if (!(error instanceof RefusedFile)) throw error;
      bad.push(error);
    }
  }
  return { good, bad };
}

/** All go into the strip; one joins or replaces what is chosen, several become the mixture. False if some found no room. */
function placeStyles(manners: readonly Picture[]): boolean {
  for (const picture of [...manners].reverse()) shelve('style', picture);
  const [only, ...others] = manners;
  if (only && others.length === 0) return admit(only.id);
  const weight = 1 / 2;
  const parts = manners.slice(0, MOST_STYLES).map(({ id }): Part => ({ id, weight }));
  setMixture(parts);
  return parts.length === manners.length;
}

function asStyle(picture: Picture, undo: () => void): void {
  undo();
  shelve('style', picture);
  const fits = admit(picture.id);
  const remarks = fits ? [] : [tooMany];
  notify({ kind: 'taken', role: 'style', styles: 1, remarks, undo: takingBack(undo, [picture]) });
}

const takingBack = (undo: () => void, taken: readonly Picture[]) => () => {
  undo();
  taken.forEach(release);
};

/** Lets go of a file that was taken back, unless a strip or a painting still shows it. */
function release({ id, url }: Picture): void {
  const now = state.peek();
  const painted =
    now.kind === 'ready' ? [] : [now.wish.photo, ...now.wish.styles.map((style) => style.picture)];
  const shown = [...pictures.photo.peek(), ...pictures.style.peek(), ...painted];
  if (!shown.some((picture) => picture.id === id)) URL.revokeObjectURL(url);
}

const tooMany: Remark = ({ pick }) => pick.crowded(MOST_STYLES);

function remarksOn(good: readonly OpenedFile[], bad: readonly RefusedFile[]): Remark[] {
  const still: Remark[] = good.some(({ moving }) => moving) ? [({ refuse: t }) => t.still] : [];
  const damaged = good.flatMap(({ damaged: name, picture }): Remark[] =>
    name === null ? [] : [({ refuse: t }) => t.damaged(name, picture)],
  );
  const scaled = good.flatMap(({ scaledFrom, picture }): Remark[] =>
    scaledFrom ? [({ pick }) => pick.scaled(sizeOf(scaledFrom), sizeOf(picture))] : [],
  );
  const refused = bad.map(
    ({ why, file }): Remark =>
      ({ refuse: t }) =>
        whyRefused(t, file, why),
  );
  return [...damaged, ...scaled.slice(0, 1), ...still, ...refused];
}

const sizeOf = ({ width, height }: { readonly width: number; readonly height: number }) =>
  `${width} × ${height}`;
