import type { Units } from '../numbers.ts';

export const UNITS: Units = {
  locale: 'ru',
  second: 'с',
  minute: 'мин',
  hour: 'ч',
  megabyte: 'МБ',
};
const rules = new Intl.PluralRules(UNITS.locale);

/** One of three forms: 1 шаг, 2 шага, 5 шагов. */
export function plural(n: number, one: string, few: string, many: string): string {
  const rule = rules.select(n);
  return `${n} ${rule === 'one' ? one : rule === 'few' ? few : many}`;
}

export const steps = (n: number) => plural(n, 'шаг', 'шага', 'шагов');
