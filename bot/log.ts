import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Bot tokens, wherever they stand, and the keys of jobs. */
const SECRETS: readonly [RegExp, string][] = [
  [/\d{3,20}(:|%3A)[\w-]{20,}/gi, '[token]'],
  [/\b([\w-]{12})\.[\w-]{43}(?![\w-])/g, '$1.[capability]'],
  [/\btgWebAppData=[^"\s]*/g, 'tgWebAppData=[launch data]'],
];

/** Take every secret out of a text that somebody may read. */
export function redact(text: string): string {
  return SECRETS.reduce((safe, [pattern, name]) => safe.replace(pattern, name), text);
}

/** One JSON object a line. Redaction is the last step before the line is written: nothing gets around it. */
export function createLogger(level: string, write: (line: string) => void): Logger {
  return pino({ level, base: null }, { write: (line: string) => write(redact(line)) });
}
