/**
 * What files of pictures are taken: one list for page, command line and bot. A file is what its first bytes say; names and
 * types given by systems are often wrong.
 */

// Signatures are made of control characters.
/* eslint-disable no-control-regex */

/** Formats that page and command line decode, in the order in which people are told of them. */
export const FORMATS = {
  jpeg: { label: 'JPEG', type: 'image/jpeg' },
  png: { label: 'PNG', type: 'image/png' },
  webp: { label: 'WebP', type: 'image/webp' },
  avif: { label: 'AVIF', type: 'image/avif' },
  gif: { label: 'GIF', type: 'image/gif' },
  bmp: { label: 'BMP', type: 'image/bmp' },
  tiff: { label: 'TIFF', type: 'image/tiff' },
} as const;
export type Format = keyof typeof FORMATS;

export const FORMAT_LABELS: readonly string[] = Object.values(FORMATS).map(({ label }) => label);

/** Formats that only some decoders read: they are tried, and refused by name where that fails. */
export const TRIED = {
  heic: { label: 'HEIC', type: 'image/heic' },
  jxl: { label: 'JPEG XL', type: 'image/jxl' },
} as const;
export type TriedFormat = keyof typeof TRIED;

/** What is recognised and never taken. */
export type NoPicture = 'svg' | 'video' | 'text' | 'empty' | 'unknown';
export type Kind = Format | TriedFormat | NoPicture;

export const PICTURE_LIMITS = {
  /** 268 megapixels, 1 GiB of RGBA; the largest photos of telephones have 200. */
  pixels: 2 ** 28,
} as const;

const SIGNATURES: readonly (readonly [Kind, RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n\x1a\n/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF[^]{4}WEBP/],
  ['bmp', /^BM[^]{4}\0\0\0\0/],
  ['jxl', /^(\xff\x0a|\0\0\0\x0cJXL )/],
  ['tiff', /^(II[*+]\0|MM\0[*+])/],
  ['avif', /^[^]{4}ftypavi[fs]/],
  // The major brand may name the container only; what is in it stands among the compatible ones.
  ['avif', /^[^]{4}ftypmi[fa][1f][^]{4}([^]{4}){0,12}?avif/],
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

/** Bytes that are looked at. */
const HEAD = 1024;

export interface Sniffed {
  readonly kind: Kind;
  /** It has more than one frame. */
  readonly moving: boolean;
}

/** What a file is, by its beginning. Any bytes at all are fine. */
export function sniff(bytes: Uint8Array): Sniffed {
  if (bytes.length === 0) return { kind: 'empty', moving: false };
  const head = String.fromCharCode(...bytes.subarray(0, HEAD));
  const known = SIGNATURES.find(([, pattern]) => pattern.test(head));
  if (known) return { kind: known[0], moving: MOVING.some((pattern) => pattern.test(head)) };
  // Control characters other than tab and line ends are what no text has.
  const binary = /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(head);
  return { kind: binary ? 'unknown' : 'text', moving: false };
}

export const isFormat = (kind: Kind): kind is Format => Object.hasOwn(FORMATS, kind);
export const isTried = (kind: Kind): kind is TriedFormat => Object.hasOwn(TRIED, kind);
