/** Numbers with their units, as each language writes them. */

function measure(locale: string, value: number, unit: string, digits = 0): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // English has a space there that may break the line.
  return format.format(value).replaceAll(' ', '\u00a0');
}

/** "12 sec", "1 min 20 sec": rounded as coarsely as an estimate deserves. */
export function duration(locale: string, seconds: number): string {
  if (seconds < 1) return measure(locale, Math.max(0.1, seconds), 'second', 1);
  if (seconds < 60) return measure(locale, Math.round(seconds), 'second');
  const whole = Math.round(seconds / 10) * 10;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  const [large, small] =
    minutes >= 60
      ? [measure(locale, Math.floor(minutes / 60), 'hour'), measure(locale, minutes % 60, 'minute')]
      : [measure(locale, minutes, 'minute'), rest > 0 && measure(locale, rest, 'second')];
  return small ? `${large} ${small}` : large;
}

export const megabytes = (locale: string, bytes: number): string =>
  measure(locale, bytes / 1e6, 'megabyte', bytes < 9_950_000 ? 1 : 0);

export const gigabytes = (locale: string, bytes: number): string =>
  measure(locale, bytes / 1e9, 'gigabyte', 1);

export function decimals(locale: string, value: number, digits: number): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
