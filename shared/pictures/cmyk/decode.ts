/** JPEG of four inks, which browsers turn into colours in ways of their own (ITU-T T.81; Adobe technical note 5116). */
import { isFrame, type Size } from '../size.ts';
import { Bits, huffmanTable, type HuffmanTable } from './huffman.ts';
import { readScan, type Plane } from './scan.ts';

/** Four bytes a pixel, cyan, magenta, yellow and black: 255 is full ink. */
export interface Inks extends Size {
  readonly data: Uint8Array;
  /** The ICC profile in the file. */
  readonly profile: Uint8Array | null;
}

/** Places of the zigzag in rows of 8. */
const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
  13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
  45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

interface Reading {
  planes: Plane[];
  size: Size;
  progressive: boolean;
  interval: number;
  /** Of Adobe's marker: 2 is YCCK; -1 without the marker. */
  transform: number;
  readonly tables: Map<number, HuffmanTable>;
  readonly quantization: Map<number, Float64Array>;
  readonly profile: Map<number, Uint8Array>;
}

function* segments(
  bytes: Uint8Array,
): Generator<{ marker: number; body: Uint8Array; end: number }> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0xff || marker === 0 || marker === 1) {
      at += 1;
      continue;
    }
    if (marker >= 0xd0 && marker <= 0xd9) {
      at += 2;
      continue;
    }
    const end = at + 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    yield { marker, body: bytes.subarray(at + 4, end), end };
    at = end;
  }
}

/** The inks of a mended file. Throws RangeError if it is of a kind that is not known. */
export function decodeInks(bytes: Uint8Array): Inks {
  const reading: Reading = {
    planes: [],
    size: { width: 0, height: 0 },
    progressive: false,
    interval: 0,
    transform: -1,
    tables: new Map(),
    quantization: new Map(),
    profile: new Map(),
  };
  for (const { marker, body, end } of segments(bytes)) {
    if (isFrame(marker)) readFrame(reading, marker, body);
    else if (marker === 0xda) scanAt(reading, bytes, body, end);
    else readTable(reading, marker, body);
  }
  if (reading.planes.length !== 4) throw new RangeError('not a JPEG of four components');
  return { ...reading.size, data: inksOf(reading), profile: profileOf(reading) };
}

const word = (body: Uint8Array, at: number) => (body[at]! << 8) | body[at + 1]!;
const text = (body: Uint8Array, length: number) => String.fromCharCode(...body.subarray(0, length));

function readTable(reading: Reading, marker: number, body: Uint8Array): void {
  if (marker === 0xdd) reading.interval = word(body, 0);
  if (marker === 0xee && text(body, 5) === 'Adobe') reading.transform = body[11]!;
  if (marker === 0xe2 && text(body, 11) === 'ICC_PROFILE')
    reading.profile.set(body[12]!, body.subarray(14));
  if (marker === 0xdb) {
    for (let at = 0; at < body.length;) {
      const [wide, id] = [body[at]! >> 4, body[at]! & 15];
      const of = (i: number) => (wide ? word(body, at + 1 + 2 * i) : body[at + 1 + i]!);
      reading.quantization.set(
        id,
        Float64Array.from({ length: 64 }, (_, i) => of(i)),
      );
      at += 65 + 64 * wide;
    }
  }
  if (marker === 0xc4) {
    for (let at = 0; at + 17 <= body.length;) {
      const counts = body.subarray(at + 1, at + 17);
      const total = counts.reduce((sum, count) => sum + count, 0);
      reading.tables.set(body[at]!, huffmanTable(counts, body.subarray(at + 17, at + 17 + total)));
      at += 17 + total;
    }
  }
}

function readFrame(reading: Reading, marker: number, body: Uint8Array): void {
  // Sequential and progressive, by Huffman codes, 8 bits a sample.
  if (marker > 0xc2 || body[0] !== 8) throw new RangeError('a JPEG of a rare kind');
  reading.progressive = marker === 0xc2;
  const size = { height: word(body, 1), width: word(body, 3) };
  reading.size = size;
  const listed = Array.from({ length: body[5]! }, (_, i) => body.subarray(6 + 3 * i, 9 + 3 * i));
  const [most, tall] = [4, 0].map((shift) =>
    Math.max(...listed.map((one) => (one[1]! >> shift) & 15)),
  );
  reading.planes = listed.map((one) => {
    const [h, v] = [one[1]! >> 4, one[1]! & 15];
    const [sets, lines] = [
      Math.ceil(size.width / (8 * most!)),
      Math.ceil(size.height / (8 * tall!)),
    ];
    return {
      id: one[0]!,
      h,
      v,
      quantization: one[2]!,
      columns: Math.ceil((size.width * h) / (8 * most!)),
      rows: Math.ceil((size.height * v) / (8 * tall!)),
      stride: sets * h,
      blocks: new Int16Array(64 * sets * h * lines * v),
    };
  });
}

const NO_CODES = huffmanTable(new Uint8Array(16), new Uint8Array(0));

function scanAt(reading: Reading, bytes: Uint8Array, body: Uint8Array, end: number): void {
  const count = body[0]!;
  const planes = Array.from({ length: count }, (_, i) => {
    const [id, tables] = [body[1 + 2 * i]!, body[2 + 2 * i]!];
    const plane = reading.planes.find((one) => one.id === id);
    if (!plane) throw new RangeError('a scan of no component');
    const table = (key: number) => reading.tables.get(key) ?? NO_CODES;
    return { plane, dc: table(tables >> 4), ac: table(0x10 | (tables & 15)) };
  });
  const [start, last, bits] = [...body.subarray(1 + 2 * count, 4 + 2 * count)] as [
    number,
    number,
    number,
  ];
  const { progressive, interval, size } = reading;
  const form = progressive
    ? { start, end: last, high: bits >> 4, low: bits & 15 }
    : { start: 0, end: 63, high: 0, low: 0 };
  const [most, tall] = (['h', 'v'] as const).map((key) =>
    Math.max(...reading.planes.map((one) => one[key])),
  );
  const [across, down] = [
    Math.ceil(size.width / (8 * most!)),
    Math.ceil(size.height / (8 * tall!)),
  ];
  readScan(new Bits(bytes, end), { planes, progressive, interval, ...form }, across, down);
}

/** cos((2x + 1)·u·π / 16) / 2, and 1 / √8 for u = 0 (A.3.3). */
const WAVES = Float64Array.from({ length: 64 }, (_, i) => {
  const [x, u] = [i >> 3, i & 7];
  return u === 0 ? Math.SQRT1_2 / 2 : Math.cos(((2 * x + 1) * u * Math.PI) / 16) / 2;
});

/** Samples of a plane, 0..255, `stride` blocks a row. */
function samplesOf({ stride, blocks }: Plane, quantization: Float64Array): Uint8ClampedArray {
  const samples = new Uint8ClampedArray(blocks.length);
  const [values, half] = [new Float64Array(64), new Float64Array(64)];
  for (let block = 0; block < blocks.length / 64; block++) {
    values.fill(0);
    for (let k = 0; k < 64; k++) values[ZIGZAG[k]!] = blocks[64 * block + k]! * quantization[k]!;
    for (let row = 0; row < 8; row++)
      for (let x = 0; x < 8; x++) {
        let sum = 0;
        for (let u = 0; u < 8; u++) sum += WAVES[8 * x + u]! * values[8 * row + u]!;
        half[8 * row + x] = sum;
      }
    const [top, left] = [8 * Math.floor(block / stride), 8 * (block % stride)];
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) {
        let sum = 128;
        for (let v = 0; v < 8; v++) sum += WAVES[8 * y + v]! * half[8 * v + x]!;
        samples[(top + y) * 8 * stride + left + x] = sum;
      }
  }
  return samples;
}

function inksOf({ planes, size: { width, height }, transform, quantization }: Reading): Uint8Array {
  const [most, tall] = (['h', 'v'] as const).map((key) =>
    Math.max(...planes.map((one) => one[key])),
  ) as [number, number];
  const data = new Uint8ClampedArray(4 * width * height);
  planes.forEach((plane, c) => {
    const table = quantization.get(plane.quantization);
    if (!table) throw new RangeError('a component without its table');
    const samples = samplesOf(plane, table);
    const [columns, rows] = [
      spread(width, plane.h / most, 8 * plane.columns),
      spread(height, plane.v / tall, 8 * plane.rows),
    ];
    const stride = 8 * plane.stride;
    for (let y = 0; y < height; y++) {
      const [top, bottom] = [rows.low[y]! * stride, rows.high[y]! * stride];
      const below = rows.part[y]!;
      for (let x = 0; x < width; x++) {
        const [left, right, part] = [columns.low[x]!, columns.high[x]!, columns.part[x]!];
        const upper = samples[top + left]! * (1 - part) + samples[top + right]! * part;
        const lower = samples[bottom + left]! * (1 - part) + samples[bottom + right]! * part;
        data[4 * (y * width + x) + c] = upper * (1 - below) + lower * below;
      }
    }
  });
  if (transform === 2) separate(data);
  // With Adobe's marker, 255 is no ink.
  if (transform >= 0) for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
  return new Uint8Array(data.buffer);
}

/** Between which samples of a line each pixel lies; at its own where nothing is subsampled. */
function spread(pixels: number, share: number, samples: number) {
  const [low, high] = [new Int32Array(pixels), new Int32Array(pixels)];
  const part = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const place = (i + 0.5) * share - 0.5;
    const before = Math.floor(place);
    low[i] = Math.min(Math.max(before, 0), samples - 1);
    high[i] = Math.min(before + 1, samples - 1);
    part[i] = place - before;
  }
  return { low, high, part };
}

/** YCCK: brightness and two differences as three inks, in place (Adobe technical note 5116). */
function separate(data: Uint8ClampedArray): void {
  for (let at = 0; at < data.length; at += 4) {
    const light = data[at]!;
    const [blue, red] = [data[at + 1]! - 128, data[at + 2]! - 128];
    data[at] = light + 1.402 * red;
    data[at + 1] = light - 0.344136 * blue - 0.714136 * red;
    data[at + 2] = light + 1.772 * blue;
  }
}

function profileOf({ profile }: Reading): Uint8Array | null {
  if (profile.size === 0) return null;
  const parts = [...profile].sort(([a], [b]) => a - b).map(([, part]) => part);
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
