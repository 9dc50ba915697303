import * as v from 'valibot';
import { ConfigError } from './errors.ts';

/** Everything an operator can set. README lists the same names. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly logLevel: string;
  readonly trustProxy: string;
  readonly bridge: BridgeConfig | null;
}

/** What the Telegram half needs; absent when BOT_TOKEN is not set. */
export interface BridgeConfig {
  readonly botToken: string;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly apiRoot: string;
  /** Where a Bot API server in --local mode leaves its files; null: files come over HTTP. */
  readonly apiFiles: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly metricsToken: string | null;
  readonly retentionDays: number;
}

const url = (advice: string, ...protocols: string[]) =>
  v.pipe(
    v.string(),
    v.check((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), advice),
  );

const origin = (advice: string) =>
  v.pipe(
    url(advice, 'https:', 'http:'),
    v.transform((text) => text.replace(/\/+$/, '')),
    v.check((text) => new URL(text).search === '' && new URL(text).hash === '', advice),
  );

const whole = (from: number, to: number) => {
  const advice = `must be a whole number from ${from} to ${to}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, advice),
    v.transform(Number),
    v.minValue(from, advice),
    v.maxValue(to, advice),
  );
};

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

const Environment = v.object({
  PORT: v.optional(whole(0, 65535), '8080'),
  HOST: v.optional(v.pipe(v.string(), v.regex(/^[\w.:-]+$/, 'must be a host name or an address'))),
  LOG_LEVEL: v.optional(v.picklist(levels, `must be one of ${levels.join(', ')}`)),
  TRUST_PROXY: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\w.:/, -]+$/, 'must be addresses, or loopback, linklocal, uniquelocal'),
    ),
    'loopback',
  ),
  BOT_TOKEN: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,20}:[\w-]{20,}$/, 'must be the token from @BotFather')),
  ),
  PUBLIC_URL: v.optional(
    origin('must be the address people reach this server at, such as https://restyle.example'),
  ),
  BOT_API_ROOT: v.optional(origin('must be an http or https address'), 'https://api.telegram.org'),
  BOT_API_FILES: v.optional(
    v.pipe(v.string(), v.startsWith('/', 'must be an absolute path of a folder')),
  ),
  DATA_DIR: v.optional(v.pipe(v.string(), v.minLength(1, 'must name a folder')), 'data'),
  DATABASE_URL: v.optional(url('must be a postgres:// address', 'postgres:', 'postgresql:')),
  METRICS_TOKEN: v.optional(
    v.pipe(v.string(), v.minLength(16, 'must have at least 16 characters')),
  ),
  RETENTION_DAYS: v.optional(whole(1, 365), '30'),
});

/** Read and check the environment; an empty value counts as unset. Never puts a value in a message. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = v.safeParse(Environment, set);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new ConfigError(v.getDotPath(issue) ?? 'environment', issue.message);
  }
  const e = parsed.output;
  return {
    port: e.PORT,
    // Both loopback addresses: other machines are let in only when the operator says so.
    host: e.HOST ?? 'localhost',
    logLevel: e.LOG_LEVEL ?? (e.BOT_TOKEN === undefined ? 'warn' : 'info'),
    trustProxy: e.TRUST_PROXY,
    bridge: bridgeConfig(e),
  };
}

function bridgeConfig(e: v.InferOutput<typeof Environment>): BridgeConfig | null {
  if (e.BOT_TOKEN === undefined) return null;
  if (e.PUBLIC_URL === undefined) {
    throw new ConfigError('PUBLIC_URL', 'is required with BOT_TOKEN: links in the chat lead there');
  }
  return {
    botToken: e.BOT_TOKEN,
    publicUrl: e.PUBLIC_URL,
    apiRoot: e.BOT_API_ROOT,
    apiFiles: e.BOT_API_FILES ?? null,
    dataDir: e.DATA_DIR,
    databaseUrl: e.DATABASE_URL ?? null,
    metricsToken: e.METRICS_TOKEN ?? null,
    retentionDays: e.RETENTION_DAYS,
  };
}
