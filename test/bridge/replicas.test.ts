/** Several replicas on one PostgreSQL, behind a load balancer. */
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../bot/store/database.ts';
import type { Point } from '../../bot/outbox/points.ts';
import { Victim, buildVictim } from './crash/process.ts';
import { FakeTelegram } from './fake/telegram.ts';
import { TestBridge } from './kit/bridge.ts';
import { type Place, describePostgres } from './kit/engines.ts';
import { PageClient } from './kit/page.ts';
import { png } from './kit/pictures.ts';
import { until } from './kit/wait.ts';

const PUBLIC = 'https://restyle.example';
const HOLDER = 'Your picture is ready, bringing it …';

describePostgres('replicas', (newPlace) => {
  let file: string;
  let telegram: FakeTelegram;
  let place: Place;
  const running: TestBridge[] = [];

  beforeAll(async () => {
    file = await buildVictim();
  });
  beforeEach(async () => {
    telegram = await new FakeTelegram().start();
    place = await newPlace();
  });
  afterEach(async () => {
    for (const bridge of running.splice(0)) await bridge.stop();
    await telegram.stop();
  });
  const replica = async () => {
    const { databaseUrl } = place;
    const timing = { lease: 700 };
    const bridge = await TestBridge.start({ telegram, databaseUrl, timing, publicUrl: PUBLIC });
    running.push(bridge);
    return bridge;
  };

  it('may start together on an empty database', async () => {
    const four = await Promise.all([1, 2, 3, 4].map(() => openDatabase(place)));
    const tables = await four[0]!.db.introspection.getTables();
    expect(tables.map((table) => table.name).sort()).toContain('outbox');
    await Promise.all(four.map((one) => one.close()));
  });

  it.each<Point>(['row:claimed', 'holder:saved', 'picture:put', 'upload:committed'])(
    'one is killed at %s: the other brings the picture, once',
    async (point) => {
      const first = await replica();
      const person = telegram.person(1);
      const { page, photo } = await first.job(person);
      await page.claim();
      await until('quiet', () => person.chat.texts.some((text) => text.startsWith('Opened')));
      await running.pop()!.stop();
      const victim = await Victim.start(file, {
        config: {
          botToken: telegram.token,
          publicUrl: PUBLIC,
          apiRoot: telegram.url,
          apiFiles: null,
          dataDir: place.dataDir,
          databaseUrl: place.databaseUrl,
          metricsToken: null,
          retentionDays: 30,
        },
        timing: { poll: 50, lease: 700, retry: 20, longest: 100 },
        callTimeout: 500,
        kill: { point, nth: 1 },
      });
      const bytes = png(30, 30);
      const answer = await new PageClient(victim!.url, page.key).upload(bytes).catch(() => null);
      expect(await victim!.ended).toBe('SIGKILL');
      // Not earlier, or it might take the row before the victim does; and nothing is brought before the page was told.
      telegram.faults.down = true;
      const second = await replica();
      if (point === 'upload:committed') expect(answer).toBeNull();
      // The row is there to be claimed as soon as it is committed, which may be before the answer is out. A page that has
      // heard nothing asks again, and is told that all has come.
      if (answer) expect(answer.status).toBe(202);
      else {
        const told = await new PageClient(second.url, page.key).upload(bytes);
        expect([told.status, await told.json()]).toEqual([200, { state: 'uploaded' }]);
      }
      telegram.faults.down = false;
      const picture = await until('the picture', () => person.chat.pictures[0]);
      await until('the card', () => person.chat.texts.includes('Done: the picture is below.'));
      expect(picture.replyTo).toBe(photo);
      expect(person.chat.pictures).toHaveLength(1);
      expect(person.chat.texts).not.toContain(HOLDER);
    },
  );

  it('share the work, and no picture comes twice', async () => {
    const [first, second] = await Promise.all([replica(), replica()]);
    const jobs = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const person = telegram.person(100 + i);
        const { page } = await first.job(person);
        await page.claim();
        return { person, key: page.key };
      }),
    );
    const origins = [first.url, second.url];
    await Promise.all(
      jobs.map(async ({ key }, i) => {
        const page = new PageClient(origins[i % 2]!, key);
        expect((await page.upload(png(20, 20, { seed: i }))).status).toBe(202);
      }),
    );
    await until('all pictures', () => jobs.every(({ person }) => person.chat.pictures.length > 0));
    await first.settled();
    for (const { person } of jobs) {
      expect(person.chat.pictures).toHaveLength(1);
      expect(person.chat.texts).not.toContain(HOLDER);
    }
  });

  it('take an update once, whichever of them it comes to', async () => {
    const [first, second] = await Promise.all([replica(), replica()]);
    const person = telegram.person(1);
    telegram.updates.hookOrigin = first.url;
    const { update } = person.say('/start');
    await until('greeting', () => person.chat.texts.length > 0);
    telegram.updates.hookOrigin = second.url;
    telegram.updates.repeat(update);
    await until('taken', () => telegram.updates.left === 0);
    await second.settled();
    expect(person.chat.texts).toHaveLength(1);
  });

  it('survive the loss of every connection to the database', async () => {
    const bridge = await replica();
    const person = telegram.person(1);
    const { page } = await bridge.job(person);
    await page.claim();
    const admin = new pg.Client(place.databaseUrl!);
    await admin.connect();
    const others = 'where datname = current_database() and pid <> pg_backend_pid()';
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity ${others}`);
    await admin.end();
    const accepted = await until('accepted', async () => {
      const answer = await page.upload(png());
      return [200, 202].includes(answer.status);
    });
    expect(accepted).toBe(true);
    await until('the picture', () => person.chat.pictures.length === 1);
  });
});
