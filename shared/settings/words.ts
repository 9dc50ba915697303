/** The shape of the words that each language has for the settings: a setting without its words does not compile. */
import type { ChoiceField, Field, OptionsOf } from './schema.ts';

interface Words {
  readonly label: string;
  /** One line: what it does. */
  readonly hint: string;
}

export type FieldWords = {
  readonly [F in Field]: F extends ChoiceField
    ? Words & { readonly options: Readonly<Record<OptionsOf<F>, string>> }
    : Words;
};
