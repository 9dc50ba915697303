/**
 * Python's pickle as far as `torch.save` needs it for tensors. Nothing is looked up or run: a name is a key of the
 * table in `pickled.ts`, an opcode one of the table below, or the file is refused (Python's `pickletools`, protocols 2
 * and 3).
 */
import { Global, GLOBALS, isCount, refuse, Storage, TensorRef, type Pickled } from './pickled.ts';

/** More than any network has by far; a file that needs more is made to exhaust the memory. */
const MAX_STEPS = 1_000_000;

/** A stack machine over bytes; `end` is where the pickle stopped. */
export class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;
  #steps = 0;
  readonly stack: Pickled[] = [];
  readonly marks: number[] = [];
  readonly memo = new Map<number, Pickled>();

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }

  get end(): number {
    return this.#at;
  }

  /** The pickled value. Throws InvalidModelError. */
  run(): Pickled {
    for (;;) {
      this.spend(1);
      const code = this.byte();
      if (code === 0x2e) return this.pop();
      const step = OPCODES[code];
      if (!step) {
        throw refuse(`it uses the pickle opcode 0x${code.toString(16)}, which tensors do not need`);
      }
      step(this);
    }
  }

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw refuse('it has too many parts');
  }

  take(count: number): Uint8Array {
    if (count < 0 || this.#at + count > this.#bytes.length) throw refuse('it is cut short');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  byte = (): number => this.take(1)[0]!;
  uint16 = (): number => (this.take(2), this.#view.getUint16(this.#at - 2, true));
  int32 = (): number => (this.take(4), this.#view.getInt32(this.#at - 4, true));
  double = (): number => (this.take(8), this.#view.getFloat64(this.#at - 8, false));

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0 || end - this.#at > 200) throw refuse('it is cut short');
    const text = new TextDecoder('latin1').decode(this.take(end - this.#at));
    this.#at++;
    return text;
  }

  pop(): Pickled {
    const floor = this.marks.at(-1) ?? 0;
    if (this.stack.length <= floor) throw refuse('its parts do not fit together');
    return this.stack.pop()!;
  }

  top(): Pickled {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  /** Everything above the last mark. */
  popMark(): Pickled[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw refuse('its parts do not fit together');
    return this.stack.splice(mark);
  }

  tuple(length: number): void {
    const items = Array.from({ length }, () => this.pop());
    this.stack.push(items.reverse());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw refuse('its parts do not fit together');
    this.stack.push(value);
  }

  append(items: readonly Pickled[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw refuse('its parts do not fit together');
    for (const item of items) list.push(item);
  }

  setItems(items: readonly Pickled[]): void {
    const dict = this.top();
    if (!(dict instanceof Map) || items.length % 2 !== 0)
      throw refuse('its parts do not fit together');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i]!, items[i + 1]!);
  }

  /** Two values off the stack, in the order they were written. */
  pair(): [Pickled, Pickled] {
    const second = this.pop();
    return [this.pop(), second];
  }

  make(): void {
    const [global, args] = this.pair();
    if (!(global instanceof Global) || !global.make || !Array.isArray(args))
      throw refuse('it calls something that is not a tensor');
    this.stack.push(global.make(args, (steps) => this.spend(steps)));
  }

  /** The state of an object (hooks, versions) says nothing about its numbers. */
  dropState(): void {
    this.pop();
    const object = this.top();
    if (object instanceof Map || object instanceof TensorRef) return;
    throw refuse('it sets the state of something that is not a tensor');
  }

  global(): void {
    const name = `${this.line()}.${this.line()}`;
    const global = GLOBALS.get(name);
    if (!global) throw refuse(`it asks for "${name}", which tensors do not need`);
    this.stack.push(global);
  }

  /** ('storage', type, key, location, number of elements[, view]): torch/serialization.py, persistent_id. */
  storage(): void {
    const id = this.pop();
    const [tag, type, key, , size, view = null] = Array.isArray(id) ? id : [];
    if (tag !== 'storage' || !(type instanceof Global) || !type.dtype || !isCount(size))
      throw refuse('a storage is malformed');
    if (view !== null) throw refuse('a storage is part of another one');
    if (typeof key !== 'string') throw refuse('a storage is malformed');
    this.stack.push(new Storage(key, type.dtype, size));
  }

  text(length: number, encoding: 'utf-8' | 'latin1'): void {
    this.stack.push(new TextDecoder(encoding).decode(this.take(length)));
  }

  long(): void {
    const bytes = this.take(this.byte());
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    const signed = BigInt.asIntN(8 * bytes.length, value);
    const small = Number(signed);
    this.stack.push(Number.isSafeInteger(small) ? small : signed);
  }
}

function protocol(m: Machine): void {
  const version = m.byte();
  if (version !== 2 && version !== 3) throw refuse(`pickle protocol ${version} is not read`);
}

const OPCODES: Partial<Record<number, (m: Machine) => void>> = {
  0x80: protocol,
  0x28: (m) => m.marks.push(m.stack.length), // MARK
  0x30: (m) => void m.pop(), // POP
  0x4e: (m) => m.stack.push(null), // NONE
  0x88: (m) => m.stack.push(true), // NEWTRUE
  0x89: (m) => m.stack.push(false), // NEWFALSE
  0x4b: (m) => m.stack.push(m.byte()), // BININT1
  0x4d: (m) => m.stack.push(m.uint16()), // BININT2
  0x4a: (m) => m.stack.push(m.int32()), // BININT
  0x8a: (m) => m.long(), // LONG1
  0x47: (m) => m.stack.push(m.double()), // BINFLOAT
  0x58: (m) => m.text(m.int32(), 'utf-8'), // BINUNICODE
  0x54: (m) => m.text(m.int32(), 'latin1'), // BINSTRING (Python 2)
  0x55: (m) => m.text(m.byte(), 'latin1'), // SHORT_BINSTRING (Python 2)
  0x5d: (m) => m.stack.push([]), // EMPTY_LIST
  0x29: (m) => m.stack.push([]), // EMPTY_TUPLE
  0x7d: (m) => m.stack.push(new Map()), // EMPTY_DICT
  0x74: (m) => m.stack.push(m.popMark()), // TUPLE
  0x85: (m) => m.tuple(1), // TUPLE1
  0x86: (m) => m.tuple(2), // TUPLE2
  0x87: (m) => m.tuple(3), // TUPLE3
  0x61: (m) => m.append([m.pop()]), // APPEND
  0x65: (m) => m.append(m.popMark()), // APPENDS
  0x73: (m) => m.setItems(m.pair()), // SETITEM
  0x75: (m) => m.setItems(m.popMark()), // SETITEMS
  0x71: (m) => m.memo.set(m.byte(), m.top()), // BINPUT
  0x72: (m) => m.memo.set(m.int32(), m.top()), // LONG_BINPUT
  0x68: (m) => m.recall(m.byte()), // BINGET
  0x6a: (m) => m.recall(m.int32()), // LONG_BINGET
  0x63: (m) => m.global(), // GLOBAL
  0x52: (m) => m.make(), // REDUCE
  0x81: (m) => m.make(), // NEWOBJ
  0x62: (m) => m.dropState(), // BUILD
  0x51: (m) => m.storage(), // BINPERSID
};
