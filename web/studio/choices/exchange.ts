/** Settings as text, to be handed to somebody else or to the command line, and back. */
import * as v from 'valibot';
import { settingsSchema, type StyleSettings } from '../../../shared/settings.ts';

export const write = (settings: StyleSettings): string => JSON.stringify(settings, null, 2);

/** Why a text was refused. */
export type Unread =
  | { readonly why: 'json' | 'shape' }
  | { readonly why: 'name'; readonly field: string }
  | { readonly why: 'value'; readonly field: string; readonly value: string };

/** Some of the settings are enough: the others stay as they are in `now`. */
export function read(text: string, now: StyleSettings): StyleSettings | Unread {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { why: 'json' };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { why: 'shape' };
  const stranger = Object.keys(data).find((field) => !Object.hasOwn(settingsSchema.entries, field));
  if (stranger !== undefined) return { why: 'name', field: stranger };
  const parsed = v.safeParse(settingsSchema, { ...now, ...data });
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
