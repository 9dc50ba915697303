/** What a file is, by its first bytes: names and types given by systems are often wrong. */

// Signatures are made of control characters.
/* eslint-disable no-control-regex */

export type Sniffed = 'picture' | 'text' | 'svg' | 'heic' | 'video' | 'empty' | 'unknown';

const SIGNATURES: readonly (readonly [Sniffed, RegExp])[] = [
  ['picture', /^\xff\xd8\xff/], // JPEG
  ['picture', /^\x89PNG\r\n\x1a\n/],
  ['picture', /^GIF8[79]a/],
  ['picture', /^RIFF[^]{4}WEBP/],
  ['picture', /^BM[^]{4}\0\0\0\0/],
  ['picture', /^(\xff\x0a|\0\0\0\x0cJXL )/],
  ['picture', /^[^]{4}ftypavi[fs]/],
  ['heic', /^[^]{4}ftyp(hei[cxms]|hev[cxms]|mif1|msf1)/],
  ['video', /^[^]{4}ftyp/],
  ['video', /^(\x1a\x45\xdf\xa3|RIFF[^]{4}AVI |OggS|\0\0\x01\xba)/],
  ['svg', /^(\xef\xbb\xbf)?\s*(<\?xml[^]*)?(<!--[^]*?-->\s*)?(<!DOCTYPE svg[^]*)?<svg[\s>]/i],
];

/** Pictures that move: GIF that repeats, WebP with its flag set, PNG with an animation before its pixels. */
const MOVING: readonly RegExp[] = [
  /^GIF89a[^]*(NETSCAPE2\.0|ANIMEXTS1\.0)/,
  // The flags are ICC 20, alpha 10, EXIF 8, XMP 4, animation 2, in hexadecimal.
  /^RIFF[^]{4}WEBPVP8X[^]{4}[\x02\x06\x0a\x0e\x12\x16\x1a\x1e"&*.26:>]/,
  /^\x89PNG[^]*acTL/,
];

const HEAD = 1024;

export interface Found {
  readonly kind: Sniffed;
  /** It has more than one frame. */
  readonly moving: boolean;
}

/** Rejects if the file cannot be read, as a folder cannot. */
export async function sniff(blob: Blob): Promise<Found> {
  if (blob.size === 0) return { kind: 'empty', moving: false };
  const bytes = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
  const head = String.fromCharCode(...bytes);
  const known = SIGNATURES.find(([, pattern]) => pattern.test(head));
  if (known) return { kind: known[0], moving: MOVING.some((pattern) => pattern.test(head)) };
  // Control characters other than tab and line ends are what no text has.
  const binary = /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(head);
  return { kind: binary ? 'unknown' : 'text', moving: false };
}
