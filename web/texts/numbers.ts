export interface Units {
  readonly locale: string;
  readonly second: string;
  readonly minute: string;
  readonly hour: string;
  readonly megabyte: string;
}

/** "12 s", "1 min 20 s": rounded as coarsely as an estimate deserves. */
export function duration(units: Units, seconds: number): string {
  const unit = (value: number, name: 'second' | 'minute' | 'hour') =>
    `${value.toLocaleString(units.locale)}\u00a0${units[name]}`;
  if (seconds < 1) return unit(Math.max(0.1, Math.round(seconds * 10) / 10), 'second');
  if (seconds < 60) return unit(Math.round(seconds), 'second');
  const whole = Math.round(seconds / 10) * 10;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes >= 60)
    return `${unit(Math.floor(minutes / 60), 'hour')} ${unit(minutes % 60, 'minute')}`;
  return rest === 0
    ? unit(minutes, 'minute')
    : `${unit(minutes, 'minute')} ${unit(rest, 'second')}`;
}

export function megabytes({ locale, megabyte }: Units, bytes: number): string {
  return `${decimals(locale, bytes / 1e6, bytes < 9_950_000 ? 1 : 0)}\u00a0${megabyte}`;
}

export function decimals(locale: string, value: number, digits: number): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
