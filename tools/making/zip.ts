/** Zip archives as PyTorch writes them (PKWARE APPNOTE 4.3.7 to 4.3.16): every length is checked, so that no file can run away. */
import { inflateSync } from 'fflate';
import { InvalidModelError } from '../../web/engine/errors.ts';

const ADVICE = 'Get the file again.';
const damaged = (cause?: unknown): InvalidModelError =>
  new InvalidModelError('the archive is damaged or cut short', ADVICE, { cause });

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const [STORED, DEFLATED] = [0, 8];

/** Deflate's best ratio (RFC 1951: 258 bytes from little more than two bits), so that a small file cannot claim a huge one. */
const MAX_RATIO = 1100;

export interface ZipEntry {
  readonly method: number;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly packed: Uint8Array;
}

/** The entries by name; nothing is unpacked yet. Throws InvalidModelError. */
export function zipEntries(bytes: Uint8Array): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return directory(bytes, view);
  } catch (error) {
    if (error instanceof RangeError) throw damaged(error);
    throw error;
  }
}

function directory(bytes: Uint8Array, view: DataView): Map<string, ZipEntry> {
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  const entries = new Map<string, ZipEntry>();
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== ENTRY) throw damaged();
    const [nameLength, extra, comment] = [28, 30, 32].map((o) => view.getUint16(at + o, true));
    const local = view.getUint32(at + 42, true);
    if (view.getUint32(local, true) !== LOCAL) throw damaged();
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const packedSize = view.getUint32(at + 20, true);
    if (start + packedSize > bytes.length) throw damaged();
    entries.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength!)), {
      method: view.getUint16(at + 10, true),
      size: view.getUint32(at + 24, true),
      packed: bytes.subarray(start, start + packedSize),
    });
    at += 46 + nameLength! + extra! + comment!;
  }
  return entries;
}

/** The end record lies before a comment of at most 65,535 bytes. */
function endOf(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= first; at--)
    if (view.getUint32(at, true) === END) return at;
  throw damaged();
}

/** An entry's bytes: a view of the file if it is stored as it is. Throws InvalidModelError. */
export function unpacked({ method, size, packed }: ZipEntry): Uint8Array {
  if (method === STORED && packed.length === size) return packed;
  if (method !== DEFLATED || size > packed.length * MAX_RATIO) throw damaged();
  try {
    const bytes = inflateSync(packed, { out: new Uint8Array(size) });
    if (bytes.length === size) return bytes;
  } catch (error) {
    throw damaged(error);
  }
  throw damaged();
}
