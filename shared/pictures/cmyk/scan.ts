/** One scan of a JPEG: coefficients into blocks, sequential (ITU-T T.81, annex F) or progressive (annex G). */
import type { Bits, HuffmanTable } from './huffman.ts';

export interface Plane {
  readonly id: number;
  /** Sampling factors. */
  readonly h: number;
  readonly v: number;
  readonly quantization: number;
  /** Blocks that hold the picture, and as many as whole sets of blocks take. */
  readonly columns: number;
  readonly rows: number;
  readonly stride: number;
  /** 64 coefficients a block, in zigzag order. */
  readonly blocks: Int16Array;
}

export interface Scan {
  readonly planes: readonly {
    readonly plane: Plane;
    readonly dc: HuffmanTable;
    readonly ac: HuffmanTable;
  }[];
  readonly progressive: boolean;
  /** Coefficients from `start` to `end`; bits down to `low`; `high` is where the scan before ended, 0 in the first. */
  readonly start: number;
  readonly end: number;
  readonly high: number;
  readonly low: number;
  /** Sets of blocks between restarts; 0 for none. */
  readonly interval: number;
}

type Part = Scan['planes'][number];

export function readScan(bits: Bits, scan: Scan, across: number, down: number): void {
  const { planes, interval } = scan;
  const predicted = new Int32Array(planes.length);
  const run = { left: 0 };
  const block = (i: number, row: number, column: number) => {
    const { plane } = planes[i]!;
    const at = 64 * (row * plane.stride + column);
    const own = plane.blocks.subarray(at, at + 64);
    if (own.length === 64) readBlock(bits, scan, planes[i]!, own, predicted, i, run);
  };
  const [single] = planes;
  const alone = planes.length === 1;
  const width = alone ? single!.plane.columns : across;
  const count = width * (alone ? single!.plane.rows : down);
  for (let n = 0; n < count; n++) {
    if (interval > 0 && n > 0 && n % interval === 0) {
      bits.restart();
      predicted.fill(0);
      run.left = 0;
    }
    // What is missing stays grey.
    if (bits.ended) return;
    const [row, column] = [Math.floor(n / width), n % width];
    if (alone) {
      block(0, row, column);
      continue;
    }
    planes.forEach(({ plane }, i) => {
      for (let y = 0; y < plane.v; y++)
        for (let x = 0; x < plane.h; x++) block(i, row * plane.v + y, column * plane.h + x);
    });
  }
}

function readBlock(
  bits: Bits,
  { progressive, start, end, high, low }: Scan,
  { dc, ac }: Part,
  block: Int16Array,
  predicted: Int32Array,
  i: number,
  run: { left: number },
): void {
  let k = start;
  if (k === 0) {
    if (high > 0) block[0]! |= bits.bit() << low;
    else {
      predicted[i]! += bits.signed(bits.symbol(dc));
      block[0] = predicted[i]! << low;
    }
    k = 1;
  }
  if (k > end) return;
  if (high > 0) {
    refine(bits, block, ac, k, end, low, run);
    return;
  }
  if (run.left > 0) {
    run.left -= 1;
    return;
  }
  while (k <= end) {
    const symbol = bits.symbol(ac);
    const [zeros, size] = [symbol >> 4, symbol & 15];
    if (size === 0 && zeros < 15) {
      // The end of this block, and in progressive scans of as many more.
      if (progressive) run.left = 2 ** zeros - 1 + bits.bits(zeros);
      return;
    }
    k += zeros;
    if (size > 0 && k < 64) block[k] = bits.signed(size) << low;
    k += 1;
  }
}

/** One more bit of what is there already, and coefficients that are new (G.1.2.3). */
function refine(
  bits: Bits,
  block: Int16Array,
  ac: HuffmanTable,
  start: number,
  end: number,
  low: number,
  run: { left: number },
): void {
  let k = start;
  const more = (at: number) => {
    if (bits.bit()) block[at]! += Math.sign(block[at]!) << low;
  };
  if (run.left === 0) {
    while (k <= end) {
      const symbol = bits.symbol(ac);
      let zeros = symbol >> 4;
      let value = 0;
      if ((symbol & 15) > 0) value = bits.bit() ? 1 << low : -(1 << low);
      else if (zeros < 15) {
        run.left = 2 ** zeros + bits.bits(zeros);
        break;
      }
      for (; k <= end; k++) {
        if (block[k] !== 0) more(k);
        else if (zeros-- === 0) break;
      }
      if (value !== 0 && k <= end) block[k] = value;
      k += 1;
    }
  }
  if (run.left === 0) return;
  for (; k <= end; k++) if (block[k] !== 0) more(k);
  run.left -= 1;
}
