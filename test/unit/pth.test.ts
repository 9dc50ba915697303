import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { InvalidModelError } from '../../web/engine/errors.ts';
import { weightsFromPth } from '../../tools/making/pth.ts';
import { readWeights } from '../../tools/making/read.ts';
import { toNumbers } from '../../web/engine/graph/tensor.ts';
import { random } from '../../web/engine/random.ts';
import { torch } from '../support/oracle.ts';

// Written by PyTorch: test/fixtures/pth/make.py.
const FIXTURES = fileURLToPath(new URL('../fixtures/pth', import.meta.url));

interface Expected {
  readonly tensors: Record<string, { readonly dims: number[]; readonly values: number[] }>;
}

const GOOD = ['bare-zip', 'bare-deflated', 'nested-zip', 'generator-zip'];
const OLD = ['bare-legacy', 'nested-legacy', 'generator-legacy'];

function checkTensors(folder: string, name: string): void {
  const weights = readWeights(readFileSync(join(folder, `${name}.pth`)));
  const { tensors } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
  for (const [key, { dims, values }] of Object.entries(tensors))
    expect([key, toNumbers(weights.take(key, dims))]).toEqual([key, values]);
  weights.finish(/^$/);
}

const evil = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith('evil-') && !name.startsWith('evil-pickle'));

function refusal(bytes: Uint8Array): string {
  try {
    weightsFromPth(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidModelError);
    return (error as InvalidModelError).message;
  }
  return 'read';
}

describe("PyTorch's files", () => {
  it.each([...GOOD, ...OLD])('%s: every tensor, in row-major order', (name) => {
    checkTensors(FIXTURES, name);
  });

  it('are views of the file where it allows', () => {
    const bytes = readFileSync(join(FIXTURES, 'bare-legacy.pth'));
    expect(weightsFromPth(bytes).take('shared', [4, 6]).bytes.buffer).toBe(bytes.buffer);
  });

  it.skipIf(!torch)(
    `written here and now by torch${torch ? '' : ' (skipped: no python3 with torch)'}`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'restyle-'));
      try {
        execFileSync(torch!, [join(FIXTURES, 'make.py'), folder]);
        for (const name of [...GOOD, ...OLD]) checkTensors(folder, name);
        expect(evil(folder).length).toBeGreaterThanOrEqual(10);
        for (const name of evil(folder))
          expect(refusal(readFileSync(join(folder, name)))).toMatch(/asks for "/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe('pickles that would run something', () => {
  it.each([
    ['system', 'posix.system'],
    ['eval', '__builtin__.eval'],
    ['open', 'io.open'],
    ['popen', 'commands.Popen'],
    ['inside', 'posix.system'],
    ['module', 'torch.nn.modules.container.Sequential'],
  ])('%s, by the name they ask for', (name, global) => {
    for (const file of evil(FIXTURES).filter((one) => one.startsWith(`evil-${name}-`)))
      expect(refusal(readFileSync(join(FIXTURES, file)))).toContain(`it asks for "${global}"`);
  });

  it('a pickle outside of any of the two formats', () => {
    const bytes = readFileSync(join(FIXTURES, 'evil-pickle.pth'));
    expect(refusal(bytes)).toContain('neither as a zip archive nor as a pickle');
  });
});

/** Pickles written byte by byte, in the older format. */
const ascii = (text: string) => [...Buffer.from(text, 'latin1')];
const text = (value: string) => [0x58, value.length, 0, 0, 0, ...ascii(value)];
const int = (value: number) => [0x4a, ...new Uint8Array(Int32Array.of(value).buffer)];
const global = (module: string, name: string) => ascii(`c${module}\n${name}\n`);
const tuple = (...items: number[][]) => [0x28, ...items.flat(), 0x74];
const [REDUCE, STOP, NONE, EMPTY_DICT, SETITEM] = [0x52, 0x2e, 0x4e, 0x7d, 0x73];

const HEAD = [
  ...[0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, STOP],
  ...[0x80, 2, ...int(1001), STOP],
  ...[0x80, 2, EMPTY_DICT, ...text('little_endian'), 0x88, SETITEM, STOP],
];

/** A state dict of the tensor "w" with these parts, over a storage of four floats. */
function tensorFile(offset: number, dims: number[], strides: number[], size = 4): Uint8Array {
  const list = (numbers: number[]) => tuple(...numbers.map(int));
  const id = tuple(
    text('storage'),
    global('torch', 'FloatStorage'),
    text('0'),
    text('cpu'),
    int(size),
  );
  const args = tuple([...id, 0x51], int(offset), list(dims), list(strides));
  const rebuilt = [...global('torch._utils', '_rebuild_tensor'), ...args, REDUCE];
  const root = [0x80, 2, EMPTY_DICT, ...text('w'), ...rebuilt, SETITEM, STOP];
  const keys = [0x80, 2, 0x5d, ...text('0'), 0x61, STOP];
  const data = [...new Uint8Array(BigInt64Array.of(4n).buffer), ...new Uint8Array(16)];
  return Uint8Array.from([...HEAD, ...root, ...keys, ...data]);
}

const file = (...root: (number | number[])[]): Uint8Array =>
  Uint8Array.from([...HEAD, 0x80, 2, ...root.flat(), STOP]);

describe('what a damaged or crafted file cannot do', () => {
  it('reads what is written by hand as it should be', () => {
    expect(weightsFromPth(tensorFile(0, [2, 2], [2, 1])).take('w', [2, 2]).bytes).toHaveLength(16);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a tensor beyond its storage', tensorFile(1, [2, 2], [2, 1]), /"w" leaves its storage/],
    ['a tensor before it', tensorFile(-1, [2], [1]), /a tensor is malformed/],
    ['strides back', tensorFile(3, [2], [-1]), /a tensor is malformed/],
    ['one element repeated into gigabytes', tensorFile(0, [2 ** 30], [0]), /larger than the file/],
    [
      'dims beyond all numbers',
      tensorFile(0, Array<number>(40).fill(2 ** 30), Array<number>(40).fill(0)),
      /larger than the file/,
    ],
    ['a storage of another size', tensorFile(0, [2], [1], 3), /has the wrong size/],
    [
      'a call of a storage',
      file(...global('torch', 'FloatStorage'), 0x29, REDUCE),
      /calls something/,
    ],
    ['a call of a dictionary', file(EMPTY_DICT, 0x29, REDUCE), /calls something/],
    ['a name made at run time', file(...text('os'), ...text('system'), 0x93), /opcode 0x93/],
    ['an instance', file(0x28, ...ascii('ios\nsystem\n')), /opcode 0x69/],
    ['an extension', file(0x82, 1), /opcode 0x82/],
    ['a state for a list', file(0x5d, NONE, 0x62), /sets the state/],
    ['an item for a list', file(0x5d, NONE, NONE, SETITEM), /do not fit together/],
    ['an empty stack', file(0x86), /do not fit together/],
    ['a memo that is not there', file(0x68, 9), /do not fit together/],
    ['a text longer than the file', file(0x58, 255, 255, 255, 127), /cut short/],
    ['a text of negative length', file(0x58, 255, 255, 255, 255), /cut short/],
    ['nothing', file(NONE, STOP, 0x80, 2, 0x5d), /no state dict/],
    ['millions of parts', file(Array<number>(1_100_000).fill(0x5d)), /too many parts/],
    ['protocol 4', Uint8Array.from([...HEAD, 0x80, 4, NONE, STOP]), /protocol 4/],
  ])('%s', (_what, bytes, message) => {
    expect(refusal(bytes)).toMatch(message);
  });

  it('pairs repeated by reference until they are too many', () => {
    // A list of 2^15 pairs, made into a dictionary 2^6 times: more work than a file of this size may ask for.
    const pair = [...tuple([NONE], [NONE])];
    const list = [
      0x5d,
      0x71,
      1,
      0x28,
      ...Array<number[]>(2 ** 15)
        .fill(pair)
        .flat(),
      0x65,
    ];
    const dict = [...global('collections', 'OrderedDict'), 0x68, 1, 0x85, REDUCE];
    const bytes = file(list, Array<number[]>(64).fill(dict).flat());
    expect(refusal(bytes)).toContain('too many parts');
  });

  it('dictionaries within dictionaries within themselves', () => {
    const bytes = file(
      EMPTY_DICT,
      0x71,
      1,
      ...text('model'),
      0x68,
      1,
      SETITEM,
      STOP,
      0x80,
      2,
      0x5d,
    );
    expect(refusal(bytes)).toContain('no state dict');
  });

  it.each(['bare-zip', 'bare-deflated', 'bare-legacy'])('%s cut short anywhere', (name) => {
    const whole = readFileSync(join(FIXTURES, `${name}.pth`));
    for (let length = 0; length < whole.length; length += 13)
      expect([length, refusal(whole.subarray(0, length))]).not.toEqual([length, 'read']);
  });

  it.each(['bare-zip', 'bare-deflated', 'bare-legacy'])(
    '%s with bits turned: numbers or a refusal',
    (name) => {
      const next = random(9);
      for (let round = 0; round < 1500; round++) {
        const bytes = Uint8Array.from(readFileSync(join(FIXTURES, `${name}.pth`)));
        for (let i = 0; i < 3; i++)
          bytes[Math.floor(next() * bytes.length)]! ^= 1 << Math.floor(next() * 8);
        refusal(bytes);
      }
    },
  );
});
