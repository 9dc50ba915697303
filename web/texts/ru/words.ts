export const LOCALE = 'ru';

const rules = new Intl.PluralRules(LOCALE);

/** One of three forms: 1 шаг, 2 шага, 5 шагов. */
export function plural(n: number, one: string, few: string, many: string): string {
  const rule = rules.select(n);
  return `${n} ${rule === 'one' ? one : rule === 'few' ? few : many}`;
}

export const steps = (n: number) => plural(n, 'шаг', 'шага', 'шагов');
