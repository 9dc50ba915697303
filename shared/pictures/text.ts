/** Text inside a PNG, which is a signature and a row of chunks (PNG, 3rd edition, 5). */
import { isPng, pngChunk, pngChunks } from './png.ts';

/** Nobody puts more before the picture's data. */
const MAX_CHUNKS = 256;

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A short note in Latin letters. */
export const textChunk = (keyword: string, text: string) =>
  pngChunk('tEXt', latin1(`${keyword}\0${text}`));

/** Any text, in UTF-8, uncompressed, in no particular language. */
export const internationalTextChunk = (keyword: string, text: string) =>
  pngChunk('iTXt', latin1(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text));

/**
 * The text under a keyword that stands before the picture's data. `bytes` is the file's beginning, any bytes at all:
 * what is torn, damaged or not a PNG has no text.
 */
export function readInternationalText(bytes: Uint8Array, keyword: string): string | null {
  if (!isPng(bytes)) return null;
  const head = latin1(`${keyword}\0\0\0`);
  let count = 0;
  for (const { type, data, whole } of pngChunks(bytes)) {
    if (type === 'IDAT' || ++count > MAX_CHUNKS) return null;
    if (type !== 'iTXt' || !head.every((byte, i) => data[i] === byte)) continue;
    return whole ? decode(data.subarray(head.length)) : null;
  }
  return null;
}

/** What follows the keyword: a language and the keyword in it, each ended by a zero, then the text. */
function decode(rest: Uint8Array): string | null {
  const language = rest.indexOf(0);
  const translated = rest.indexOf(0, language + 1);
  if (language < 0 || translated < 0) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(rest.subarray(translated + 1));
  } catch {
    return null;
  }
}
