/** Choices that last from visit to visit. */
import { effect, signal, type Signal } from '@preact/signals-core';
import * as v from 'valibot';
import { recall, remember } from '../../storage/memory.ts';

/** What was remembered under `key`, if it still is what the schema says. */
export function recallAs<T>(key: string, schema: v.GenericSchema<unknown, T>): T | null {
  try {
    const parsed = v.safeParse(schema, JSON.parse(recall(key) ?? 'null'));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** A signal that begins with what was remembered; `adjust` puts the wishes of this visit above it. */
export function kept<T>(
  key: string,
  schema: v.GenericSchema<unknown, T>,
  first: T,
  adjust: (value: T) => T = (value) => value,
): Signal<T> {
  const value = signal(adjust(recallAs(key, schema) ?? first));
  let begun = false;
  effect(() => {
    const text = JSON.stringify(value.value);
    if (begun) remember(key, text);
    begun = true;
  });
  return value;
}
