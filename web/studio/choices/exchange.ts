/** Settings as text, to be handed to somebody else or to the command line, and back. */
import * as v from 'valibot';
import {
  inTodaysTerms,
  SETTINGS_VERSION,
  settingsSchema,
  type StyleSettings,
} from '../../../shared/settings.ts';

export const write = (settings: StyleSettings): string =>
  JSON.stringify({ settingsVersion: SETTINGS_VERSION, ...settings }, null, 2);

/** Why a text was refused. */
export type Unread =
  | { readonly why: 'json' | 'shape' | 'version' }
  | { readonly why: 'name'; readonly field: string }
  | { readonly why: 'value'; readonly field: string; readonly value: string };

/** Some of the settings, of any version up to this one, are enough: the others stay as they are in `now`. */
export function read(text: string, now: StyleSettings): StyleSettings | Unread {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { why: 'json' };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { why: 'shape' };
  const { settingsVersion, ...fields } = data as Record<string, unknown>;
  const known = inTodaysTerms(settingsVersion, fields);
  if (!known) return { why: 'version' };
  const stranger = Object.keys(known).find(
    (field) => !Object.hasOwn(settingsSchema.entries, field),
  );
  if (stranger !== undefined) return { why: 'name', field: stranger };
  const parsed = v.safeParse(settingsSchema, { ...now, ...known });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = issue.path ?? [];
  return {
    why: 'value',
    field: path.map(({ key }) => String(key)).join('.'),
    value: JSON.stringify(issue.input),
  };
}

export const isUnread = (answer: StyleSettings | Unread): answer is Unread => 'why' in answer;
