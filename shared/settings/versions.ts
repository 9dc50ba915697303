/**
 * Settings that outlive the version that wrote them: in a picture's recipe, in the gallery, in an unfinished run.
 * A new field needs nothing here but its row's `before`. Where a field changes its name or its meaning, the version
 * goes up by one, and the ladder gets a step that says the old settings in the new terms.
 */
import * as v from 'valibot';
import { climb, type Fields, type Ladder } from '../ladder.ts';
import { FIELDS, rowOf, settingsSchema, type StyleSettings } from './schema.ts';

/** From each version to the next one; the first had no version written beside it. */
const LADDER: Ladder = [
  // 2: whose colours was yes or no.
  ({ keepColours, ...rest }) =>
    keepColours === undefined ? rest : { ...rest, colours: keepColours ? 'luminance' : 'style' },
];

export const SETTINGS_VERSION = LADDER.length + 1;

/** The same fields in today's terms; null for what is no object or of a version that is yet to come. */
export const inTodaysTerms = (version: unknown, data: unknown): Fields | null =>
  climb(LADDER, version, data);

/**
 * Settings as any version saved them, as today's. Fields of which nobody knows are dropped; missing ones are filled so
 * that the picture stays the one it was. null: not settings, out of range, or of a version that is yet to come.
 */
export function withDefaults(version: number | undefined, data: unknown): StyleSettings | null {
  const known = climb(LADDER, version, data);
  if (!known) return null;
  const { success, output } = v.safeParse(settingsSchema, { ...BEFORE, ...known });
  return success ? output : null;
}

/** The same for some of the settings: of those that say something else than a look does. What is unreadable is dropped. */
export function changesOf(version: number | undefined, data: unknown): Partial<StyleSettings> {
  const known: Fields = climb(LADDER, version, data) ?? {};
  const readable = FIELDS.filter(
    (field) => field in known && v.safeParse(rowOf(field).schema, known[field]).success,
  );
  return Object.fromEntries(readable.map((field) => [field, known[field]]));
}

const BEFORE = Object.fromEntries(
  FIELDS.map((field) => {
    const { before, default: usual } = rowOf(field);
    return [field, before === undefined ? usual : before];
  }),
);
