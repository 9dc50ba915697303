/** The picture on its way out: to the disk, the clipboard, another app. */
import { signal } from '@preact/signals-core';
import { notify } from '../notice/notice.ts';
import { download } from '../kit/download.ts';
import { baseName } from './describe.ts';
import { encodePicture, FORMATS, type Format } from './encode.ts';
import { pickUp } from './shown.ts';

const ENDINGS = { png: 'png', jpeg: 'jpg', webp: 'webp' } as const;

/** @throws Error if there is no picture, or this browser cannot write it */
async function makeFile(format: Format): Promise<File> {
  const picked = await pickUp();
  if (!picked) throw new Error('there is no picture');
  const { pixels, recipe, wish } = picked;
  const blob = await encodePicture(pixels, format, recipe);
  return new File([blob], `${baseName(wish)}.${ENDINGS[format]}`, { type: FORMATS[format] });
}

export async function save(format: Format): Promise<void> {
  try {
    const file = await makeFile(format);
    download(file, file.name);
  } catch {
    notify({ kind: 'not-saved' });
  }
}

/** Older browsers, and pages without TLS, have no clipboard for pictures. */
export const canCopy =
  typeof ClipboardItem !== 'undefined' &&
  'clipboard' in navigator &&
  'write' in navigator.clipboard;

/** The copy is in the clipboard: true for a moment. */
export const copied = signal(false);
const MOMENT = 2500;

export async function copy(): Promise<void> {
  try {
    // Given as a promise, Safari still knows that a press of a button asked for it.
    const item = new ClipboardItem({ [FORMATS.png]: makeFile('png') });
    await navigator.clipboard.write([item]);
    copied.value = true;
    setTimeout(() => (copied.value = false), MOMENT);
  } catch {
    notify({ kind: 'not-copied' });
  }
}

export const canShare = ((): boolean => {
  const { canShare } = navigator as Partial<Navigator>;
  const files = [new File(['-'], 'picture.png', { type: FORMATS.png })];
  return canShare?.call(navigator, { files }) ?? false;
})();

export async function share(): Promise<void> {
  try {
    await navigator.share({ files: [await makeFile('png')] });
  } catch (error) {
    // Closing the system's sheet is an answer, too.
    if (!(error instanceof DOMException && error.name === 'AbortError'))
      notify({ kind: 'not-shared' });
  }
}
