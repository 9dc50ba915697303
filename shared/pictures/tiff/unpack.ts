/** What is packed inside a TIFF (TIFF 6.0, sections 9, 13 and 14; supplement 2 for Deflate). */
import { unzlibSync } from 'fflate';

/** @throws RangeError for a packing that is not known */
export function unpacked(data: Uint8Array, compression: number, size: number): Uint8Array {
  switch (compression) {
    case 1:
      return data;
    case 5:
      return lzw(data, size);
    case 8:
    case 32946:
      return unzlibSync(data, { out: new Uint8Array(size) });
    case 32773:
      return packBits(data, size);
  }
  throw new RangeError(`compression ${compression}`);
}

/** Runs of bytes as they are, and of one byte repeated. */
function packBits(data: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let [at, to] = [0, 0];
  while (at < data.length && to < size) {
    const head = (data[at]! << 24) >> 24;
    if (head >= 0) {
      out.set(data.subarray(at + 1, Math.min(at + 2 + head, at + 1 + size - to)), to);
      at += head + 2;
      to += head + 1;
    } else {
      if (head !== -128) {
        out.fill(data[at + 1]!, to, to + 1 - head);
        to += 1 - head;
      }
      at += head === -128 ? 1 : 2;
    }
  }
  return out;
}

const [CLEAR, END] = [256, 257];
/** Codes grow up to 12 bits. */
const MOST = 4096;

/** Codes of 9 to 12 bits, the highest first, which grow one entry early. */
function lzw(data: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  // An entry is a piece of what was written before, and one byte more.
  const [starts, lengths] = [new Uint32Array(MOST), new Uint32Array(MOST)];
  let [next, width, to] = [END + 1, 9, 0];
  let [held, count] = [0, 0];
  let before: readonly [start: number, length: number] | null = null;
  for (let at = 0; to < size;) {
    while (count < width && at < data.length) {
      held = ((held << 8) | data[at++]!) & 0xffffff;
      count += 8;
    }
    if (count < width) break;
    const code = (held >> (count - width)) & ((1 << width) - 1);
    count -= width;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, before] = [END + 1, 9, null];
      continue;
    }
    const start = to;
    if (code < CLEAR) out[to++] = code;
    else {
      if (code > next || (code === next && !before)) throw new RangeError('a code of nothing');
      // The entry being made is the piece before and its own first byte.
      const [from, length] =
        code < next ? [starts[code]!, lengths[code]!] : [before![0], before![1] + 1];
      for (let i = 0; i < length && to < size; i++) out[to++] = out[from + i]!;
    }
    if (before && next < MOST) {
      starts[next] = before[0];
      lengths[next] = before[1] + 1;
      next += 1;
    }
    if (next >= (1 << width) - 1 && width < 12) width += 1;
    before = [start, to - start];
  }
  return out;
}
