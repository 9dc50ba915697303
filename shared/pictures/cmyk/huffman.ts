/** Entropy coded data of a JPEG (ITU-T T.81, annexes C and F). */

/** Symbols by length and place among the codes of that length. */
export interface HuffmanTable {
  /** The largest code of each length; -1 if there is none. */
  readonly last: Int32Array;
  /** Place of a code's symbol: the code plus this. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/** `counts`: codes of length 1 to 16. */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const last = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let [code, place] = [0, 0];
  for (let length = 1; length <= 16; length++) {
    offset[length] = place - code;
    code += counts[length - 1]!;
    place += counts[length - 1]!;
    if (counts[length - 1]! > 0) last[length] = code - 1;
    code <<= 1;
  }
  return { last, offset, symbols };
}

/** Reads bits up to the next marker; beyond it there are zeros, as decoders have it. */
export class Bits {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #count = 0;
  #ended = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** More was asked for than there is. */
  get ended(): boolean {
    return this.#ended;
  }

  bit(): number {
    if (this.#count === 0) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        this.#ended = true;
        return 0;
      }
      this.#held = byte;
      this.#count = 8;
      this.#at += byte === 0xff ? 2 : 1;
    }
    this.#count -= 1;
    return (this.#held >> this.#count) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = (value << 1) | this.bit();
    return value;
  }

  /** A number of `count` bits whose first tells its sign (F.2.2.1, EXTEND). */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.bits(count);
    return value < 2 ** (count - 1) ? value - 2 ** count + 1 : value;
  }

  symbol({ last, offset, symbols }: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.bit();
      if (code <= last[length]!) return symbols[code + offset[length]!] ?? 0;
    }
    return 0;
  }

  /** To behind the restart marker, if there is one here. */
  restart(): void {
    this.#count = 0;
    const marker = this.#bytes[this.#at + 1] ?? 0;
    if (this.#bytes[this.#at] === 0xff && marker >= 0xd0 && marker <= 0xd7) this.#at += 2;
  }

  /** Where the next marker is. */
  end(): number {
    let at = this.#at;
    while (at + 1 < this.#bytes.length) {
      const next = this.#bytes[at + 1]!;
      if (this.#bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7))
        return at;
      at += 1;
    }
    return this.#bytes.length;
  }
}
