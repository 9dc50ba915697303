/** What an operator relies on. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JOB_API } from '../../shared/job.ts';
import { readConfig } from '../../bot/config.ts';
import { createLogger, redact } from '../../bot/log.ts';
import { Victim, buildVictim } from './crash/process.ts';
import { FakeTelegram } from './fake/telegram.ts';
import { TestBridge } from './kit/bridge.ts';
import { describeEngines } from './kit/engines.ts';
import { png } from './kit/pictures.ts';
import { until } from './kit/wait.ts';

const TOKEN = '123456789:AAtestTokenOfTheFakeBotApi_0123456789';

describe('the environment', () => {
  it('may be empty: the page alone', () => {
    expect(readConfig({})).toMatchObject({ port: 8080, host: 'localhost', bridge: null });
    expect(readConfig({ BOT_TOKEN: '' }).bridge).toBeNull();
  });

  it('makes a bridge of a token and an address', () => {
    const { bridge } = readConfig({ BOT_TOKEN: TOKEN, PUBLIC_URL: 'https://restyle.example/' });
    expect(bridge).toMatchObject({
      publicUrl: 'https://restyle.example',
      apiRoot: 'https://api.telegram.org',
      dataDir: 'data',
      databaseUrl: null,
    });
  });

  it.each([
    [{ PORT: 'eighty' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ HOST: 'http://x' }, 'HOST'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ TRUST_PROXY: 'you & me' }, 'TRUST_PROXY'],
    [{ BOT_TOKEN: 'secret-but-wrong' }, 'BOT_TOKEN'],
    [{ BOT_TOKEN: TOKEN }, 'PUBLIC_URL'],
    [{ BOT_TOKEN: TOKEN, PUBLIC_URL: 'restyle.example' }, 'PUBLIC_URL'],
    [{ BOT_TOKEN: TOKEN, PUBLIC_URL: 'https://x.example/?a=1' }, 'PUBLIC_URL'],
    [
      { BOT_TOKEN: TOKEN, PUBLIC_URL: 'https://x.example', BOT_API_ROOT: 'ftp://x' },
      'BOT_API_ROOT',
    ],
    [{ BOT_TOKEN: TOKEN, PUBLIC_URL: 'https://x.example', BOT_API_FILES: 'here' }, 'BOT_API_FILES'],
    [
      { BOT_TOKEN: TOKEN, PUBLIC_URL: 'https://x.example', DATABASE_URL: 'mysql://x' },
      'DATABASE_URL',
    ],
    [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN'],
    [{ RETENTION_DAYS: '0' }, 'RETENTION_DAYS'],
  ])('%o stops with a line about %s, without the value', (env, variable) => {
    let line = '';
    try {
      readConfig(env);
    } catch (error) {
      line = (error as Error).message;
    }
    expect(line).toMatch(new RegExp(`^${variable}: `));
    expect(line).not.toContain('secret-but-wrong');
    expect(line).not.toContain('\n');
  });

  it('that is wrong ends the program with that one line', async () => {
    const main = fileURLToPath(new URL('../../bot/main.ts', import.meta.url));
    const env = { ...process.env, PORT: 'eighty' };
    const child = spawn(process.execPath, ['--import', 'tsx', main], { env });
    let out = '';
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect([code, out]).toEqual([1, 'PORT: must be a whole number from 0 to 65535\n']);
  });
});

describe('logs', () => {
  const key = `abcdefghijkl.${'k'.repeat(43)}`;
  it.each([
    `https://api.telegram.org/bot${TOKEN}/getMe`,
    `/file/bot${TOKEN.replace(':', '%3A')}/photos/1.jpg`,
    `Bearer ${key}`,
    `https://restyle.example/#j=${key}&tgWebAppData=query_id%3DAAE`,
  ])('lose the secrets of %s', (text) => {
    const lines: string[] = [];
    createLogger('info', (line) => lines.push(line)).info({ text, err: new Error(text) }, text);
    for (const secret of [TOKEN, TOKEN.split(':')[1]!, 'k'.repeat(43), 'query_id']) {
      expect(lines.join('')).not.toContain(secret);
    }
  });
  it('keep what is none', () => {
    const text = '{"time":1790000000000,"id":"abcdefghijkl","url":"/api/v1/job"}';
    expect(redact(text)).toBe(text);
  });
});

describe('a running bridge', () => {
  let telegram: FakeTelegram;
  let bridge: TestBridge;
  let later = 0;
  beforeAll(async () => {
    telegram = await new FakeTelegram().start();
    bridge = await TestBridge.start({ telegram, now: () => Date.now() + later });
  });
  afterAll(async () => {
    await bridge.stop();
    await telegram.stop();
  });
  const get = async (path: string, token = 'a-token-for-metrics') =>
    await fetch(bridge.url + path, { headers: { authorization: `Bearer ${token}` } });

  it('is well and ready', async () => {
    expect((await get('/healthz')).status).toBe(200);
    await until('connected', async () => {
      const ready = (await (await get('/readyz')).json()) as { telegram: boolean };
      return ready.telegram;
    });
    expect(await (await get('/readyz')).json()).toMatchObject({ database: true, stopping: false });
  });

  it('counts, for those with the token', async () => {
    const person = telegram.person(1);
    const { page } = await bridge.job(person);
    await page.claim();
    telegram.faults.add({ kind: 'drop', when: 'before', method: 'editMessageMedia' });
    await page.upload(png());
    await until('the picture', () => person.chat.pictures.length === 1);
    await until('delivered', async () => (await page.view()).state === 'delivered');
    expect((await get('/metrics', 'wrong')).status).toBe(404);
    const text = await (await get('/metrics')).text();
    expect(text).toContain('restyle_jobs{state="delivered"} 1');
    expect(text).toContain('restyle_outbox_total{kind="picture",outcome="retry"} 1');
    expect(text).toContain('restyle_delivery_seconds_count 1');
    expect(text).toMatch(/restyle_updates_total\{outcome="handled"\} \d/);
  });

  it('says on the card that a page has gone quiet, and that a link has expired', async () => {
    const person = telegram.person(2);
    const running = await bridge.job(person);
    await running.page.claim();
    await running.page.progress({ percent: 30 });
    await until('running', () => person.chat.find(running.card.id)?.text.startsWith('Painting'));
    const open = await bridge.job(person);
    later = 16 * 60_000;
    await bridge.bridge.sweep();
    await until('paused', () =>
      person.chat.find(running.card.id)?.text.startsWith('Paused at 30 %'),
    );
    await running.page.progress({ percent: 50 });
    await until('on', () => person.chat.find(running.card.id)?.text.startsWith('Painting'));
    later = 25 * 3_600_000;
    await bridge.bridge.sweep();
    await until('expired', () => person.chat.find(open.card.id)?.text === 'The link has expired.');
    person.press('Same again', person.chat.find(open.card.id));
    await until('choices', () => person.chat.card?.text.startsWith('One photo, 1 style'));
    later = 0;
  });

  it('has let no secret into its log', () => {
    const log = bridge.log.join('');
    expect(log).toContain('request completed');
    expect(log).not.toContain(telegram.token.split(':')[1]);
    expect(log).not.toMatch(/[\w-]{12}\.[\w-]{43}/);
  });

  it('keeps serving while Telegram cannot be reached at all', async () => {
    const away = await new FakeTelegram().start();
    away.faults.down = true;
    const alone = await TestBridge.start({ telegram: away });
    expect((await fetch(`${alone.url}/readyz`)).status).toBe(200);
    away.faults.down = false;
    const person = away.person(1);
    person.say('/start');
    await until('greeting', () => person.chat.texts.length > 0);
    await alone.stop();
    await away.stop();
  });
});

describeEngines('a stop', (newPlace) => {
  it('answers the upload under way and leaves with 0; the next start brings the picture', async () => {
    const file = await buildVictim();
    const telegram = await new FakeTelegram().start();
    const { dataDir, databaseUrl } = await newPlace();
    const first = await TestBridge.start({ telegram, dataDir, databaseUrl });
    const person = telegram.person(1);
    const { page } = await first.job(person);
    await page.claim();
    await until('opened', () => person.chat.texts.some((text) => text.startsWith('Opened')));
    await first.settled();
    await first.stop();
    const config = {
      botToken: telegram.token,
      publicUrl: 'http://restyle.example',
      apiRoot: telegram.url,
      apiFiles: null,
      metricsToken: null,
      retentionDays: 30,
      dataDir,
      databaseUrl,
    };
    const plan = { config, timing: { poll: 50, lease: 700 }, callTimeout: 500, kill: null };
    const victim = await Victim.start(file, plan);
    const bytes = png(30, 30, { bytes: 200_000 });
    telegram.faults.down = true;
    const status = await slowUpload(victim!.url, page.key, bytes, async () => {
      await until('half has come', () => readdirSync(join(dataDir, 'incoming')).length > 0);
      victim!.kill('SIGTERM');
      await until('the door is closed', () => refuses(victim!.url));
    });
    expect(status).toBe(202);
    expect(await victim!.ended).toBe(0);
    telegram.faults.down = false;
    const next = await TestBridge.start({ telegram, dataDir, databaseUrl });
    await until('the picture', () => person.chat.pictures.length === 1);
    await next.stop();
    await telegram.stop();
  });
});

/** Nobody new is let in. */
async function refuses(origin: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

/** Half of the body, then `between`, then the rest. */
async function slowUpload(
  origin: string,
  key: string,
  bytes: Buffer,
  between: () => Promise<void>,
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'image/png',
      'content-length': bytes.length,
    };
    const put = request(origin + JOB_API.result, { method: 'PUT', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    put.on('error', reject);
    put.write(bytes.subarray(0, 1000));
    between().then(() => put.end(bytes.subarray(1000)), reject);
  });
}
