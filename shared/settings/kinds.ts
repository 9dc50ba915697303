/** The kinds of settings: each knows its values, how they are written on a command line, and which control suits them. */
import * as v from 'valibot';

/** Parts of the page and of the help, in the order in which they stand. `main` is outside of the drawer. */
export const GROUPS = [
  'main',
  'amount',
  'start',
  'network',
  'loss',
  'optimiser',
  'device',
] as const;
export type Group = (typeof GROUPS)[number];

export type Control =
  /** Felt by ratios: places are so many percent apart, from `min` to `max`; with `zero`, the first place is 0. */
  | {
      readonly kind: 'slider';
      readonly min: number;
      readonly max: number;
      readonly zero?: boolean;
      readonly whole?: boolean;
      readonly unit?: 'times';
    }
  /** With `dice`, a random one below that can be drawn; with `auto`, that word may stand in its place. */
  | { readonly kind: 'number'; readonly dice?: number; readonly auto?: true }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'switch' }
  /** Written as on the command line. */
  | { readonly kind: 'text' }
  /** Has a component to itself. */
  | { readonly kind: 'own' };

interface Common<T> {
  readonly group: Group;
  /** In the preset `default`, and wherever a preset says nothing else. */
  readonly default: T;
  /**
   * Only of a setting that was added later: the value that runs had before there was a choice. Settings saved
   * without the field get it, so that they go on meaning the same picture.
   */
  readonly before?: T;
}

/** A row of the table: all that is known of a setting, but for its words. */
export interface Row<T> extends Common<T> {
  readonly schema: v.GenericSchema<T>;
  readonly control: Control;
  /** The value's place-holder in the help. */
  readonly syntax: string;
  /** What values there are, in words: "a whole number from 1 to 8". */
  readonly expects: string;
  /** The value that a text stands for; undefined if it stands for none. The schema has the last word. */
  read(text: string): unknown;
  write(value: T): string;
}

export interface Range {
  readonly whole?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Not itself in the range. */
  readonly above?: number;
  /** Not itself in the range. */
  readonly below?: number;
}

export function rangeInWords({ whole, min, max, above, below }: Range): string {
  const kind = whole ? 'a whole number' : 'a number';
  const low = min === undefined ? above !== undefined && `above ${above}` : `from ${min}`;
  const high = max === undefined ? below !== undefined && `below ${below}` : `to ${max}`;
  if (min !== undefined && !high) return `${kind}, ${min} or more`;
  return [kind, low, high].filter(Boolean).join(' ');
}

/** Schema of the numbers in a range, infinity and NaN not among them. */
export function numberIn(range: Range): v.GenericSchema<number> {
  const { whole, min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = range;
  const fits = (x: number) =>
    Number.isFinite(x) &&
    (!whole || Number.isInteger(x)) &&
    x >= min &&
    x <= max &&
    x > above &&
    x < below;
  const message = rangeInWords(range);
  return v.pipe(v.number(message), v.check(fits, message));
}

export function readNumber(text: string): number | undefined {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** `1, 2, 3` as numbers. */
export function readNumbers(text: string): number[] | undefined {
  const values = text.split(',').map(readNumber);
  return values.some((value) => value === undefined) ? undefined : (values as number[]);
}

export interface NumberRow<R extends Range> extends Row<number> {
  readonly range: R;
}

function numeric<R extends Range>(range: R, control: Control, rest: Common<number>): NumberRow<R> {
  return {
    ...rest,
    range,
    schema: numberIn(range),
    control,
    syntax: range.whole ? 'N' : 'X',
    expects: rangeInWords(range),
    read: readNumber,
    write: String,
  };
}

/** A weight or a count. `slider`: the part of the range that is worth offering, 0 among it where the range has it. */
export function amount<const R extends Range>({
  range,
  slider: [min, max],
  unit,
  ...rest
}: Common<number> & {
  readonly range: R;
  readonly slider: readonly [min: number, max: number];
  readonly unit?: 'times';
}): NumberRow<R> {
  const { whole = false } = range;
  const zero = range.min === 0;
  return numeric(range, { kind: 'slider', min, max, zero, whole, ...(unit && { unit }) }, rest);
}

/** A number that is typed in. */
export function number<const R extends Range>({
  range,
  dice,
  ...rest
}: Common<number> & { readonly range: R; readonly dice?: number }): NumberRow<R> {
  return numeric(range, { kind: 'number', ...(dice !== undefined && { dice }) }, rest);
}

/** The same, or a word that leaves it to the program. */
export function numberOrAuto({
  range,
  ...rest
}: Common<number | 'auto'> & { readonly range: Range }): Row<number | 'auto'> {
  const expects = `${rangeInWords(range)}, or auto`;
  return {
    ...rest,
    schema: v.union([numberIn(range), v.literal('auto')], expects),
    control: { kind: 'number', auto: true },
    syntax: `${range.whole ? 'N' : 'X'}|auto`,
    expects,
    read: (text) => (text.trim() === 'auto' ? 'auto' : readNumber(text)),
    write: String,
  };
}

export interface ChoiceRow<T extends string> extends Row<T> {
  readonly control: { readonly kind: 'choice'; readonly options: readonly T[] };
  /** Other settings that a choice changes with itself, unless they are given, too. */
  readonly brings?: Readonly<Partial<Record<T, Readonly<Record<string, unknown>>>>>;
}

export function choice<const T extends string>({
  options,
  brings,
  ...rest
}: Omit<Common<NoInfer<T>>, 'before'> & {
  readonly options: readonly T[];
  readonly before?: NoInfer<T>;
  readonly brings?: ChoiceRow<NoInfer<T>>['brings'];
}): ChoiceRow<T> {
  const expects = `one of ${options.join(', ')}`;
  return {
    ...rest,
    ...(brings && { brings }),
    schema: v.picklist(options, expects),
    control: { kind: 'choice', options },
    syntax: options.join('|'),
    expects,
    read: (text) => text.trim(),
    write: String,
  };
}

const YES = new Set(['1', 'true', 'on', 'yes']);
const NO = new Set(['0', 'false', 'off', 'no']);

/** On or off. On the command line `--name` and `--no-name`. */
export function toggle(rest: Common<boolean>): Row<boolean> {
  return {
    ...rest,
    schema: v.boolean('on or off'),
    control: { kind: 'switch' },
    syntax: '',
    expects: 'on or off',
    read: (text) => (YES.has(text) ? true : NO.has(text) ? false : undefined),
    write: (value) => (value ? 'on' : 'off'),
  };
}

/** Anything else: it is written as on the command line, or has a component to itself. */
export function other<T>(
  row: Omit<Row<T>, 'control'> & { readonly control: 'text' | 'own' },
): Row<T> {
  return { ...row, control: { kind: row.control } };
}
