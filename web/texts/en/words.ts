export const LOCALE = 'en';

/** One of two forms: 1 step, 2 steps. */
export const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
export const threads = (n: number) => plural(n, 'thread', 'threads');
