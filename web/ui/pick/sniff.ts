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

const HEAD = 1024;

export async function sniff(blob: Blob): Promise<Sniffed> {
  if (blob.size === 0) return 'empty';
  const bytes = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
  const head = String.fromCharCode(...bytes);
  const known = SIGNATURES.find(([, pattern]) => pattern.test(head));
  if (known) return known[0];
  // Control characters other than tab and line ends are what no text has.
  return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(head) ? 'unknown' : 'text';
}
