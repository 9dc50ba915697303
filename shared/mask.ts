/** Which style goes where: a label for each pixel of a coarse picture of the photo's shape. */
import * as v from 'valibot';

/** Rows from top to bottom. Label 0: the photo is left alone; n: the n-th style, counted from 1. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly labels: Uint8Array;
}

/** The label of what is left alone. */
export const LEFT = 0;

/** Longest side in pixels; what is finer than this, the feather would swallow. */
export const MASK_SIDE = 1024;

/** The same labels at another size; each pixel gets the label of the one at its centre. */
export function maskAt({ width, height, labels }: Mask, outWidth: number, outHeight: number): Mask {
  const out = new Uint8Array(outWidth * outHeight);
  for (let y = 0; y < outHeight; y++) {
    const row = Math.floor(((y + 0.5) * height) / outHeight) * width;
    for (let x = 0; x < outWidth; x++)
      out[y * outWidth + x] = labels[row + Math.floor(((x + 0.5) * width) / outWidth)]!;
  }
  return { width: outWidth, height: outHeight, labels: out };
}

/** The longest text of a mask: it travels in the head of a picture's file. */
const MASK_TEXT = 2 ** 16;

/** The mask, or a smaller one where it is larger than `side` or its text would be too long. */
export function fitMask(mask: Mask, side = MASK_SIDE): Mask {
  const scale = Math.min(1, side / Math.max(mask.width, mask.height));
  const fit = (length: number) => Math.max(1, Math.round(length * scale));
  const fitted = scale < 1 ? maskAt(mask, fit(mask.width), fit(mask.height)) : mask;
  const long = Math.max(fitted.width, fitted.height);
  return writeMask(fitted).length > MASK_TEXT ? fitMask(mask, Math.floor(long / 2)) : fitted;
}

/** The labels that occur, ascending. */
export const labelsOf = ({ labels }: Mask): number[] => [...new Set(labels)].sort((a, b) => a - b);

/** A row that repeats the one above it, in place of its runs. */
const SAME = '=';

/**
 * As text: `WIDTHxHEIGHT` and, row by row behind a semicolon, its runs: a label and, in base 36, how long it goes on.
 * The last run of a row has no length. Labels are capitals from A, so that runs need nothing between them.
 */
export function writeMask({ width, height, labels }: Mask): string {
  const rows: string[] = [];
  let above = '';
  for (let y = 0; y < height; y++) {
    const row = writeRow(labels.subarray(y * width, (y + 1) * width));
    rows.push(row === above ? SAME : row);
    above = row;
  }
  return `${width}x${height};${rows.join(';').replaceAll(/=(;=)+/g, counted)}`;
}

/** `=;=;=` as `=3`. */
const counted = (rows: string): string => `${SAME}${(rows.length + 1) / 2}`;

const nameOf = (label: number): string => String.fromCharCode(65 + label);

function writeRow(row: Uint8Array): string {
  let text = '';
  for (let from = 0; from < row.length;) {
    let to = from + 1;
    while (to < row.length && row[to] === row[from]) to++;
    text += nameOf(row[from]!) + (to === row.length ? '' : (to - from).toString(36));
    from = to;
  }
  return text;
}

/** What `writeMask` wrote; null for anything else. */
export function readMask(text: string): Mask | null {
  const [size, ...rows] = text.split(';');
  const [, width, height] = (/^(\d{1,4})x(\d{1,4})$/.exec(size!) ?? []).map(Number);
  if (!width || !height || width > MASK_SIDE || height > MASK_SIDE) return null;
  const labels = new Uint8Array(width * height);
  let y = 0;
  for (const row of rows) {
    const [, times] = /^=(\d{0,4})$/.exec(row) ?? [];
    const count = times === undefined ? 1 : Number(times || 1);
    if (y + count > height) return null;
    if (times === undefined) {
      if (!readRow(row, labels.subarray(y * width, (y + 1) * width))) return null;
    } else {
      if (y === 0) return null;
      for (let i = 0; i < count; i++)
        labels.copyWithin((y + i) * width, (y - 1) * width, y * width);
    }
    y += count;
  }
  return y === height ? { width, height, labels } : null;
}

function readRow(text: string, row: Uint8Array): boolean {
  if (!/^([A-F][0-9a-z]*)+$/.test(text)) return false;
  let at = 0;
  for (const [, name, length] of text.matchAll(/([A-F])([0-9a-z]*)/g)) {
    const to = length === '' ? row.length : at + parseInt(length!, 36);
    if (to > row.length || to === at) return false;
    row.fill(name!.charCodeAt(0) - 65, at, to);
    at = to;
  }
  return at === row.length;
}

/** A mask's text, checked: it travels in files of anybody's making. */
export const maskSchema = v.pipe(
  v.string(),
  v.maxLength(MASK_TEXT),
  v.check((text) => readMask(text) !== null),
);
