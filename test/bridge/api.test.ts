/** The job API as a page, and as somebody who should not be there, sees it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorBody, JOB_API, JobView } from '../../shared/job.ts';
import {
  formatJobKey,
  launchDataOf,
  parseJobFragment,
  parseJobKey,
} from '../../shared/deeplink.ts';
import * as v from 'valibot';
import { FakeTelegram } from './fake/telegram.ts';
import { OPEN_LIMITS, TestBridge } from './kit/bridge.ts';
import { PageClient } from './kit/page.ts';
import { jpeg, png, webp } from './kit/pictures.ts';
import { until } from './kit/wait.ts';

let telegram: FakeTelegram;
let bridge: TestBridge;
let id = 0;
let later = 0;

beforeAll(async () => {
  telegram = await new FakeTelegram().start();
  bridge = await TestBridge.start({ telegram, now: () => Date.now() + later });
});
afterAll(async () => {
  await bridge.stop();
  await telegram.stop();
});

const claimed = async () => {
  const person = telegram.person(++id);
  const { page } = await bridge.job(person);
  await page.claim();
  return { person, page };
};

describe('links', () => {
  const key = { id: 'abcdefghijk_', cap: `${'x'.repeat(42)}-` };
  it('survive being written and read', () => {
    const text = formatJobKey(key);
    expect(parseJobKey(text)).toEqual(key);
    expect(parseJobFragment(`#j=${text}`)).toEqual(key);
    expect(parseJobFragment(`#j=${text}&tgWebAppData=a%3Db&tgWebAppVersion=8`)).toEqual(key);
    expect(launchDataOf(`#j=${text}&tgWebAppData=a%3Db&x=1`)).toBe('a=b');
    expect(launchDataOf(`#j=${text}`)).toBeNull();
  });
  it.each(['', '#', '#j=', '#j=abc.def', `#k=${formatJobKey(key)}`, `#j=${formatJobKey(key)}x`])(
    'are not seen in "%s"',
    (hash) => expect(parseJobFragment(hash)).toBeNull(),
  );
});

describe('the key', () => {
  it('every wrong one gets the same answer', async () => {
    const { page } = await claimed();
    const [jobId = '', cap = ''] = page.key.split('.');
    const other = (await claimed()).page.key.split('.')[1]!;
    const wrong = [
      `${jobId}.${other}`,
      `${jobId}.${cap.slice(0, 42)}.`,
      `aaaaaaaaaaaa.${cap}`,
      jobId,
      '',
    ];
    const bodies = new Set<string>();
    for (const key of wrong) {
      for (const path of [JOB_API.job, JOB_API.input(0)]) {
        const answer = await new PageClient(bridge.url, key).fetch(path);
        expect(answer.status).toBe(404);
        bodies.add(await answer.text());
      }
      expect((await new PageClient(bridge.url, key).upload(png())).status).toBe(404);
    }
    bodies.add(await (await fetch(bridge.url + JOB_API.job)).text());
    expect(bodies.size).toBe(1);
    expect(v.parse(ErrorBody, JSON.parse([...bodies][0]!)).error).toBe('not_found');
  });

  it('is not stored', async () => {
    const { page } = await claimed();
    const { openDatabase } = await import('../../bot/store/database.ts');
    const database = await openDatabase({ databaseUrl: null, dataDir: bridge.dataDir });
    const everything = await Promise.all(
      (['job', 'chat', 'input', 'outbox', 'result'] as const).map((table) =>
        database.db.selectFrom(table).selectAll().execute(),
      ),
    );
    await database.close();
    const cap = page.key.split('.')[1]!;
    expect(JSON.stringify(everything)).toContain(page.key.split('.')[0]);
    expect(JSON.stringify(everything)).not.toContain(cap);
  });
});

describe('a job', () => {
  it('looks as the page expects', async () => {
    const { page } = await claimed();
    const view = v.parse(JobView, await page.view());
    expect(view.state).toBe('claimed');
    expect(view.inputs.map(({ index, role, type }) => ({ index, role, type }))).toEqual([
      { index: 0, role: 'content', type: 'image/jpeg' },
      { index: 1, role: 'style', type: 'image/jpeg' },
    ]);
  });

  it('wants to be claimed before progress and result', async () => {
    const { page } = await bridge.job(telegram.person(++id));
    expect((await page.progress({ percent: 1 })).status).toBe(409);
    expect((await page.upload(png())).status).toBe(409);
    expect((await page.fail('other')).status).toBe(409);
  });

  it('may be opened for a day, and finished in the week after that', async () => {
    const open = await bridge.job(telegram.person(++id));
    const { page } = await claimed();
    later = 24 * 3_600_000 + 1_000;
    expect((await open.page.claim()).status).toBe(410);
    expect((await open.page.view()).state).toBe('expired');
    expect((await page.progress({ percent: 5 })).status).toBe(204);
    later = 8 * 24 * 3_600_000 + 1_000;
    expect((await page.upload(png())).status).toBe(410);
    later = 0;
  });

  it('can be tied to the person by what Telegram signs', async () => {
    const person = telegram.person(++id);
    const { page } = await bridge.job(person);
    const stranger = initData(telegram.token, person.id + 1000);
    expect((await page.claim({ initData: stranger })).status).toBe(403);
    expect((await page.claim({ initData: initData('1:other', person.id) })).status).toBe(403);
    const old = initData(telegram.token, person.id, Date.now() / 1000 - 4000);
    expect((await page.claim({ initData: old })).status).toBe(403);
    expect(
      (await page.claim({ initData: `${initData(telegram.token, person.id)}&user=1` })).status,
    ).toBe(403);
    expect((await page.claim({ initData: initData(telegram.token, person.id) })).status).toBe(200);
  });
});

describe('inputs', () => {
  it('come byte by byte, and never with an address', async () => {
    const { page, person } = await claimed();
    const answer = await page.input(0);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('content-disposition')).toBe('attachment');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(png(64, 48, { seed: person.id }));
    expect((await page.input(2)).status).toBe(404);
    expect((await page.fetch('/api/v1/job/inputs/..%2f0')).status).toBe(404);
  });

  it('are 502 while Telegram is away, and there again afterwards', async () => {
    const { page } = await claimed();
    for (const method of ['getFile', 'download']) {
      telegram.faults.add({ kind: 'drop', when: 'before', method });
      const answer = await page.input(1);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([502, '5']);
      expect(await answer.text()).not.toContain(telegram.token);
    }
    expect((await page.input(1)).status).toBe(200);
  });

  it('are gone once the picture is delivered', async () => {
    const { page } = await claimed();
    await page.upload(png());
    await until('delivered', async () => (await page.view()).state === 'delivered');
    expect((await page.input(0)).status).toBe(410);
    expect((await page.claim()).status).toBe(410);
  });
});

describe('results', () => {
  it.each([
    ['a JPEG', jpeg(30, 20), 'image/jpeg', 202],
    ['a WebP', webp('VP8X', 30, 20), 'image/webp', 202],
    ['a PNG called JPEG', png(), 'image/jpeg', 415],
    ['HTML called PNG', Buffer.from('<script>'.repeat(99)), 'image/png', 415],
    ['HTML', Buffer.from('<script>'), 'text/html', 415],
    ['an SVG', Buffer.from('<svg/>'), 'image/svg+xml', 415],
    ['JSON', Buffer.from('{}'), 'application/json', 415],
    ['nothing', Buffer.alloc(0), 'image/png', 415],
    ['a bomb of 900 megapixels', png(30_000, 1).fill(0x75, 22, 24), 'image/png', 413],
    ['41 megapixels', webp('VP8X', 8200, 5000), 'image/webp', 413],
    ['too long a side', webp('VP8X', 16_385, 1), 'image/webp', 413],
    ['21 MB', png(9, 9, { bytes: 21 * 1024 * 1024 }), 'image/png', 413],
  ])('%s', async (_what, bytes, type, status) => {
    const { page } = await claimed();
    expect((await page.upload(bytes, type)).status).toBe(status);
  });

  it('of 21 MB whose length is not told are cut off', async () => {
    const { page } = await claimed();
    const outcome = await new Promise<string>((resolve) => {
      const url = new URL(bridge.url + JOB_API.result);
      const headers = { authorization: `Bearer ${page.key}`, 'content-type': 'image/png' };
      const put = request(url, { method: 'PUT', headers }, (r) => resolve(String(r.statusCode)));
      put.on('error', (error) => resolve(error.message));
      // One byte too many, and then nothing: whoever goes on writing may find the line cut before the answer.
      for (let i = 0; i < 20; i++) put.write(Buffer.alloc(1024 * 1024));
      put.write(Buffer.alloc(1));
    });
    expect(outcome).toBe('413');
    expect((await page.view()).state).toBe('claimed');
  });

  it('that break off leave the job as it was, and come again', async () => {
    const { page } = await claimed();
    const { port } = new URL(bridge.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `PUT ${JOB_API.result} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${page.key}\r\n` +
        'Content-Type: image/png\r\nContent-Length: 5000\r\n\r\nhalf',
    );
    const spooled = () => readdirSync(join(bridge.dataDir, 'incoming')).length;
    await until('the upload has begun', () => spooled() > 0);
    socket.destroy();
    await until('its half is thrown away', () => spooled() === 0);
    expect((await page.view()).state).toBe('claimed');
    expect((await page.upload(png())).status).toBe(202);
  });

  it('sent twice at the same time are accepted once', async () => {
    const { page, person } = await claimed();
    const bytes = png(50, 50, { bytes: 300_000 });
    const both = await Promise.all([page.upload(bytes), page.upload(bytes)]);
    const statuses = both.map((answer) => answer.status).sort();
    expect(statuses[0] === 200 || statuses[1] === 429).toBe(true);
    expect(statuses).toContain(202);
    await until('the picture', () => person.chat.pictures.length > 0);
    await bridge.settled();
    expect(person.chat.pictures).toHaveLength(1);
  });
});

describe('requests that cannot be used', () => {
  it.each([
    [JOB_API.progress, '{"percent":101}', 400],
    [JOB_API.progress, '{"percent":"5"}', 400],
    [JOB_API.progress, '{', 400],
    [JOB_API.progress, '{"__proto__":{"percent":5}}', 400],
    [JOB_API.fail, '{"code":"nonsense"}', 400],
    [JOB_API.claim, '{"initData":5}', 400],
    [JOB_API.progress, `{"percent":5,"x":"${'x'.repeat(70_000)}"}`, 413],
    ['/api/v1/job/none', '{}', 404],
  ])('%s with %s', async (path, body, status) => {
    const { page } = await claimed();
    const headers = { 'content-type': 'application/json' };
    const answer = await page.fetch(path, { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
  });
});

describe('limits', () => {
  it('hold strangers and keys apart', async () => {
    const other = await new FakeTelegram().start();
    const limits = { ...OPEN_LIMITS, job: 10, strangers: 5 };
    const strict = await TestBridge.start({ telegram: other, limits });
    const { page } = await strict.job(other.person(1));
    const strangers = [];
    for (let i = 0; i < 7; i++) strangers.push((await fetch(strict.url + JOB_API.job)).status);
    expect(strangers).toEqual([404, 404, 404, 404, 404, 429, 429]);
    const own = [];
    for (let i = 0; i < 11; i++) own.push((await page.fetch(JOB_API.job)).status);
    expect(own).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    const held = await page.fetch(JOB_API.job);
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(0);
    await strict.stop();
    await other.stop();
  });
});

describe('headers', () => {
  it('are on every answer, errors too', async () => {
    const { page } = await claimed();
    for (const answer of [await page.fetch(JOB_API.job), await fetch(`${bridge.url}/nowhere`)]) {
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('x-frame-options')).toBeNull();
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

/** Sign as Telegram does. */
function initData(token: string, userId: number, authDate = Date.now() / 1000): string {
  const fields: Record<string, string> = {
    auth_date: String(Math.floor(authDate)),
    query_id: 'AAE',
    user: JSON.stringify({ id: userId, first_name: 'A' }),
  };
  const lines = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]!}`);
  const secret = createHmac('sha256', 'WebAppData').update(token).digest();
  const hash = createHmac('sha256', secret).update(lines.join('\n')).digest('hex');
  return new URLSearchParams({ ...fields, hash }).toString();
}
