import { crc32, deflateSync } from 'node:zlib';

/** A real PNG of one colour; `bytes` pads it with an extra chunk to about that size. */
export function png(
  width = 64,
  height = 48,
  options: { seed?: number; bytes?: number } = {},
): Buffer {
  const { seed = 0, bytes = 0 } = options;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const row = Buffer.alloc(1 + width * 3, seed % 251);
  row[0] = 0;
  const rows = Buffer.concat(Array.from({ length: height }, () => row));
  const padding = Buffer.alloc(Math.max(0, bytes - 200), seed % 255);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.concat([Buffer.from(`seed\0${seed}`), padding])),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The first bytes of a JPEG of this size, with a comment before its frame header, as cameras do. */
export function jpeg(width: number, height: number, comment = 100): Buffer {
  const com = Buffer.alloc(4 + comment);
  com.set([0xff, 0xfe]);
  com.writeUInt16BE(2 + comment, 2);
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0, 0, 0, 0, 3, 1, 34, 0, 2, 17, 1, 3, 17, 1]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), com, frame, Buffer.from([0xff, 0xd9])]);
}

/** The first bytes of the three kinds of WebP. */
export function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Buffer {
  const file = Buffer.alloc(64);
  file.write('RIFF', 0, 'latin1');
  file.write(`WEBP${kind}`, 8, 'latin1');
  if (kind === 'VP8 ') {
    file.writeUIntBE(0x9d012a, 23, 3);
    file.writeUInt16LE(width, 26);
    file.writeUInt16LE(height, 28);
  } else if (kind === 'VP8L') {
    file[20] = 0x2f;
    file.writeUInt32LE((width - 1) | ((height - 1) << 14), 21);
  } else {
    file.writeUIntLE(width - 1, 24, 3);
    file.writeUIntLE(height - 1, 27, 3);
  }
  return file;
}
