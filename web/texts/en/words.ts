import type { Units } from '../numbers.ts';

export const UNITS: Units = { locale: 'en', second: 's', minute: 'min', hour: 'h', megabyte: 'MB' };
/** One of two forms: 1 step, 2 steps. */
export const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
export const threads = (n: number) => plural(n, 'thread', 'threads');
