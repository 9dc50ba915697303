/** What follows from the table by itself: types, schema, defaults, limits, flags. */
import * as v from 'valibot';
import type { ChoiceRow, Group, Row } from './kinds.ts';
import { TABLE } from './table.ts';

type Table = typeof TABLE;
export type Field = keyof Table;

export type StyleSettings = { -readonly [F in Field]: v.InferOutput<Table[F]['schema']> };

/** Fields that are a choice among words, and those words. */
export type ChoiceField = {
  [F in Field]: Table[F] extends ChoiceRow<string> ? F : never;
}[Field];
export type OptionsOf<F extends ChoiceField> = Table[F]['control']['options'][number];

export const FIELDS = Object.keys(TABLE) as Field[];

export const rowOf = <F extends Field>(field: F) =>
  TABLE[field] as unknown as Row<StyleSettings[F]>;
export const fieldsOf = (group: Group): Field[] =>
  FIELDS.filter((field) => TABLE[field].group === group);

const eachRow = <T>(of: (row: Row<unknown>) => T) =>
  Object.fromEntries(FIELDS.map((field) => [field, of(TABLE[field])]));

export const settingsSchema = v.object(
  eachRow(({ schema }) => schema) as { readonly [F in Field]: v.GenericSchema<StyleSettings[F]> },
) as v.ObjectSchema<{ readonly [F in Field]: v.GenericSchema<StyleSettings[F]> }, undefined>;

export const DEFAULT = eachRow((row) => row.default) as StyleSettings;

export const LIMITS = {
  size: TABLE.size.range,
  steps: TABLE.steps.range,
  /** Not a setting, but as firm: pictures that are mixed. */
  styles: { min: 1, max: 5 },
} as const;

/** `contentWeight` as `content-weight`: the option of the command line without its dashes, and the key in an address. */
export const flagOf = (field: Field): string =>
  field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The setting that a text stands for; undefined if it stands for none. */
export function readSetting<F extends Field>(field: F, text: string): StyleSettings[F] | undefined {
  const row = rowOf(field);
  const { success, output } = v.safeParse(row.schema, row.read(text));
  return success ? output : undefined;
}

/** Changes together with what they bring along; what is given itself stays. */
export function withCompanions(changes: Partial<StyleSettings>): Partial<StyleSettings> {
  const brought = FIELDS.filter((field) => field in changes).map((field) => {
    const { brings } = TABLE[field] as Partial<ChoiceRow<string>>;
    return brings?.[changes[field] as string] ?? {};
  });
  return Object.assign({}, ...brought, changes) as Partial<StyleSettings>;
}
