/** Data that outlives the version that wrote it is taken up to today's, a step a version. */

export type Fields = Readonly<Record<string, unknown>>;
/** Step `n` leads from version n + 1 to version n + 2. */
export type Ladder = readonly ((fields: Fields) => Fields)[];

/**
 * What `version` wrote, in the terms of the ladder's last version; `undefined` is version 1, which did not say so.
 * null for what is no object or comes from a version that is yet to come. What the steps do not know, they leave.
 */
export function climb(ladder: Ladder, version: unknown, data: unknown): Fields | null {
  const first = version ?? 1;
  const whole = typeof first === 'number' && Number.isInteger(first) && first >= 1;
  if (!whole || first > ladder.length + 1) return null;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  return ladder.slice(first - 1).reduce((fields, step) => step(fields), data as Fields);
}
