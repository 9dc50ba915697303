/** Ten thousand bodies nobody asked for. `FUZZ_SEED` picks others, `FUZZ_COUNT` more. */
import { expect, it } from 'vitest';
import { HOOK_PATH, hookSecret } from '../../bot/http/hook.ts';
import { JOB_API } from '../../shared/job.ts';
import { FakeTelegram } from './fake/telegram.ts';
import { TestBridge } from './kit/bridge.ts';
import { describeEngines } from './kit/engines.ts';
import { jpeg, png } from './kit/pictures.ts';
import { Random } from './kit/random.ts';
import { until } from './kit/wait.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122);
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 10_000) / 2;
const ABREAST = 16;

interface Shot {
  readonly path: string;
  readonly init: RequestInit;
}

describeEngines('fuzz', (newPlace, engine) => {
  it(`${COUNT} bodies and requests: no 500, no crash, no secret out`, async () => {
    const telegram = await new FakeTelegram().start();
    const { dataDir, databaseUrl } = await newPlace();
    const publicUrl = 'https://restyle.example';
    const bridge = await TestBridge.start({ telegram, dataDir, databaseUrl, publicUrl });
    const keys = await Promise.all(
      [1, 2, 3].map(async (i) => (await bridge.job(telegram.person(i))).page.key),
    );
    const random = new Random(SEED + (engine === 'SQLite' ? 0 : 1));
    const secret = hookSecret(telegram.token);
    const statuses = new Map<number, number>();
    const leaks: string[] = [];
    const fire = async () => {
      const shot = random.chance(0.6) ? webhookShot(random, secret) : apiShot(random, keys);
      const answer = await fetch(bridge.url + shot.path, shot.init);
      const text = `${await answer.text()} ${JSON.stringify([...answer.headers])}`;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (isSecret(text, telegram, keys)) leaks.push(`${shot.path}: ${text}`);
      // An input that Telegram does not have any more is 410; nothing here is down.
      expect(answer.status, JSON.stringify(shot)).toBeLessThan(500);
    };
    let left = COUNT;
    const work = async () => {
      while (left-- > 0) await fire();
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    expect(leaks).toEqual([]);
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 204, 400, 404, 415]));
    const person = telegram.person(99_999_999);
    person.say('/start');
    await until('it still works', () => person.chat.texts.length > 0, 30_000);
    await bridge.stop();
    await telegram.stop();
    const log = bridge.log.join('');
    expect(isSecret(log, telegram, keys)).toBe(false);
    expect(log).not.toMatch(/"level":60/);
    expect(log).not.toMatch(/update failed|request failed|outbox cannot|failure not recorded/);
  });
});

function isSecret(text: string, telegram: FakeTelegram, keys: readonly string[]): boolean {
  const secrets = [telegram.token.split(':')[1]!, ...keys.map((key) => key.split('.')[1]!)];
  return [...secrets, hookSecret(telegram.token)].some((secret) => text.includes(secret));
}

function junk(random: Random): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => random.int(1_000_000_000) - 500_000_000,
    () => random.next() * 1e300,
    () => 2 ** 53,
    () => -1,
    () => 1.5,
    () => '',
    () => 'x'.repeat(random.int(5000)),
    () => '\u0000',
    () => '\ud800',
    () => "'; drop table job; --",
    () => '__proto__',
    () => '../../../etc/passwd',
    () => [],
    () => [[]],
    () => ({}),
    () => ({ length: 1e9 }),
    () => true,
  ])();
}

/** A proper update, in which a few things are then replaced. */
function update(random: Random): unknown {
  const chat = { id: random.int(300) + 1, type: random.pick(['private', 'private', 'group']) };
  const from = { id: chat.id, is_bot: false, language_code: random.pick(['ru', 'en', 'de']) };
  const sizes = [{ file_id: `f${random.int(9)}`, width: 800, height: 600, file_size: 1000 }];
  const contents = [
    {
      text: random.pick([
        '/start',
        '/new',
        '/cancel',
        '/settings',
        '/lang ru',
        '/forget',
        'hi',
        '/',
      ]),
    },
    { photo: sizes },
    { photo: sizes, media_group_id: `g${random.int(5)}` },
    { document: { file_id: 'd', mime_type: 'image/png', file_size: 5 } },
    { sticker: {} },
  ];
  const message = { message_id: random.int(1000), date: 1, chat, from };
  const data = random.pick([
    'go',
    's:done',
    's:pop',
    's:swap',
    'x',
    'm:b',
    'again:',
    'photo:abcdefghijkl',
    'forget',
    'l:ru',
  ]);
  const kinds = [
    { message: { ...message, ...random.pick(contents) } },
    { callback_query: { id: 'c', from, data, message } },
    {
      my_chat_member: {
        chat,
        from,
        new_chat_member: { status: random.pick(['kicked', 'member']) },
      },
    },
  ];
  return { update_id: random.int(1e9), ...random.pick(kinds) };
}

function spoil(value: unknown, random: Random): unknown {
  if (random.chance(0.04)) return junk(random);
  if (Array.isArray(value)) return value.map((one) => spoil(one, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoil(one, random)]));
}

function webhookShot(random: Random, secret: string): Shot {
  const text = JSON.stringify(spoil(update(random), random));
  const body = random.chance(0.1) ? text.slice(0, random.int(text.length)) : text;
  const shown = random.chance(0.95) ? secret : random.pick(['', 'x', 'x'.repeat(300)]);
  const headers = {
    'content-type': random.chance(0.95) ? 'application/json' : random.pick(['text/plain', 'a/b']),
    'x-telegram-bot-api-secret-token': shown,
  };
  return { path: HOOK_PATH, init: { method: 'POST', headers, body } };
}

function apiShot(random: Random, keys: readonly string[]): Shot {
  const path = random.pick([
    ...[JOB_API.job, JOB_API.claim, JOB_API.progress, JOB_API.result, JOB_API.fail],
    ...[JOB_API.input(random.int(4)), JOB_API.input(-1), '/api/v1/job/inputs/%00', '/api/v1/'],
    ...['/healthz', '/metrics', '/..%2f..%2fetc/passwd', '/%', '//', HOOK_PATH],
  ]);
  const method = random.pick(['GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']);
  const key = random.chance(0.8)
    ? random.pick(keys)
    : String(junk(random)).replace(/[^\x20-\x7e]/g, '');
  const type = random.pick([
    'application/json',
    'application/json',
    'image/png',
    'image/jpeg',
    'text/html',
  ]);
  const fields = { percent: 5, code: 'other', initData: 'a=b', device: { webgpu: true }, eta: 9 };
  const body = random.pick<() => string | Uint8Array<ArrayBuffer>>([
    () => JSON.stringify(spoil(fields, random)),
    () => JSON.stringify(junk(random)),
    () => JSON.stringify(fields).slice(0, random.int(60)),
    () => new Uint8Array(random.pick([png(), jpeg(9, 9)]).subarray(0, random.int(200))),
    () => '',
  ])();
  const headers = { authorization: `Bearer ${key}`, 'content-type': type };
  const bare = method === 'GET' || method === 'HEAD';
  return { path, init: bare ? { method, headers } : { method, headers, body } };
}
