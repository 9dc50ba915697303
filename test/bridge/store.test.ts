import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_JOB_OPTIONS, JOB_STATES, type JobState } from '../../shared/job.ts';
import { type Blobs, DiskBlobs, TableBlobs, blobKey } from '../../bot/store/blobs.ts';
import { chatsToWake, firstTime, lockChat, saveChat } from '../../bot/store/chats.ts';
import { type Database, openDatabase } from '../../bot/store/database.ts';
import { forgetChat } from '../../bot/store/forget.ts';
import { type JobMove, createJob, findJob, moveJob, openJobs } from '../../bot/store/jobs.ts';
import {
  backlog,
  claimDue,
  dropWaitingCards,
  enqueue,
  postpone,
  settle,
  updateLeased,
} from '../../bot/store/outbox.ts';
import { sweep } from '../../bot/store/sweep.ts';
import { type Place, describeEngines } from './kit/engines.ts';

const DAY = 86_400_000;
const T = 1_800_000_000_000;

describeEngines('store', (newPlace, engine) => {
  let place: Place;
  let database: Database;
  let blobs: Blobs;

  beforeEach(async () => {
    place = await newPlace();
    database = await openDatabase(place);
    blobs =
      engine === 'SQLite'
        ? new DiskBlobs(join(place.dataDir, 'results'))
        : new TableBlobs(database);
  });
  afterEach(() => database.close());

  const newJob = (id: string, chatId = 5, now = T) =>
    createJob(
      database.db,
      {
        id,
        capSha: 'ab'.repeat(32),
        chatId,
        userId: chatId,
        lang: 'en',
        options: DEFAULT_JOB_OPTIONS,
        replyTo: 1,
        cardMid: 2,
        inputs: [
          { role: 'content', file_id: 'f1', mime: 'image/jpeg', size: 10 },
          { role: 'style', file_id: 'f2', mime: 'image/png', size: null },
        ],
      },
      now,
    );
  const claim = (now: number, limit = 10, lease = 1000) =>
    claimDue(database, { now, lease, limit });
  const store = async (key: string, text: string) => {
    const path = join(place.dataDir, 'upload');
    await writeFile(path, text);
    const keep = await blobs.stage(key, path);
    await database.db.transaction().execute((q) => keep(q));
  };

  it('opens again what is there, and several times at once', async () => {
    await newJob('job000000001');
    const again = await Promise.all([openDatabase(place), openDatabase(place)]);
    expect((await findJob(again[0].db, 'job000000001'))?.created).toBe(T);
    await Promise.all(again.map((one) => one.close()));
  });

  it('keeps numbers as numbers', async () => {
    const chat = { chatId: -(2 ** 51), userId: 2 ** 51 + 1 };
    const row = await lockChat(database, database.db, chat, T);
    expect([row.chat_id, row.user_id, row.updated]).toEqual([-(2 ** 51), 2 ** 51 + 1, T]);
  });

  it('takes an update once', async () => {
    expect(await firstTime(database.db, 9, T)).toBe(true);
    expect(await firstTime(database.db, 9, T)).toBe(false);
    const failed = database.db.transaction().execute(async (q) => {
      await firstTime(q, 10, T);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await firstTime(database.db, 10, T)).toBe(true);
  });

  it('wakes chats whose time has come', async () => {
    for (const chatId of [1, 2, 3]) await lockChat(database, database.db, { chatId, userId: 1 }, T);
    await saveChat(database.db, 1, { wake_at: T + 10 });
    await saveChat(database.db, 2, { wake_at: T + 5 });
    const due = await chatsToWake(database.db, T + 7, 10);
    expect(due.map((chat) => chat.chat_id)).toEqual([2]);
  });

  it('makes only the moves of a job that its life allows', async () => {
    const allowed: Record<JobMove, readonly JobState[]> = {
      claim: ['open', 'claimed', 'running', 'failed'],
      progress: ['claimed', 'running'],
      upload: ['claimed', 'running', 'failed'],
      deliver: ['uploaded'],
      bury: ['uploaded'],
      fail: ['claimed', 'running'],
      cancel: ['open', 'claimed', 'running', 'failed'],
      expire: ['open', 'claimed', 'running', 'failed'],
    };
    await newJob('job000000001');
    for (const move of Object.keys(allowed) as JobMove[]) {
      for (const state of JOB_STATES) {
        await database.db.updateTable('job').set({ state }).execute();
        const moved = await moveJob(database.db, 'job000000001', move, T);
        expect([move, state, moved !== null]).toEqual([move, state, allowed[move].includes(state)]);
      }
    }
  });

  it('sends the rows of a lane in order, and lanes side by side', async () => {
    await newJob('job000000001');
    await enqueue(database.db, { chatId: 5, kind: 'say', payload: { text: 'a' } }, T);
    await enqueue(database.db, { chatId: 5, kind: 'say', payload: { text: 'b' } }, T);
    await enqueue(database.db, { chatId: 6, kind: 'say', payload: { text: 'c' } }, T);
    await enqueue(database.db, { chatId: 5, kind: 'picture', job: 'job000000001' }, T);
    const first = await claim(T);
    expect(first.map((row) => row.payload)).toEqual(['{"text":"a"}', '{"text":"c"}', '{}']);
    expect(await claim(T)).toEqual([]);
    await settle(database.db, first[0]!, 'sent', T);
    expect((await claim(T)).map((row) => row.payload)).toEqual(['{"text":"b"}']);
    expect((await backlog(database.db)).pending).toBe(3);
  });

  it('holds a lane up for a row that waits for its next try', async () => {
    await enqueue(database.db, { chatId: 5, kind: 'say', payload: 1 }, T);
    await enqueue(database.db, { chatId: 5, kind: 'say', payload: 2 }, T);
    const [row] = await claim(T);
    await postpone(database.db, row!, T + 500, 'why', T);
    expect(await claim(T + 499)).toEqual([]);
    const [again] = await claim(T + 500);
    expect([again?.id, again?.attempts, again?.last_error]).toEqual([row!.id, 2, 'why']);
  });

  it('gives a row to one worker only, until its lease is over', async () => {
    for (let chatId = 0; chatId < 40; chatId++) {
      await enqueue(database.db, { chatId, kind: 'say' }, T);
    }
    const taken = (await Promise.all([1, 2, 3, 4].map(() => claim(T, 15)))).flat();
    expect(new Set(taken.map((row) => row.id)).size).toBe(taken.length);
    expect(taken.length + (await claim(T, 40)).length).toBe(40);
    const [mine] = taken;
    const later = await claim(T + 1000, 40);
    expect(later.map((row) => row.id)).toContain(mine!.id);
    expect(await updateLeased(database.db, mine!, { holder_mid: 7 })).toBe(false);
    expect(await settle(database.db, mine!, 'sent', T)).toBe(false);
  });

  it('keeps one waiting card, and knows that it was to be a new one', async () => {
    await enqueue(database.db, { chatId: 5, kind: 'card', payload: { fresh: true } }, T);
    await enqueue(database.db, { chatId: 6, kind: 'card', payload: { fresh: true } }, T);
    expect(await dropWaitingCards(database.db, 'card', { chatId: 5 }, T)).toBe(true);
    expect(await dropWaitingCards(database.db, 'card', { chatId: 5 }, T)).toBe(false);
    expect(await claim(T)).toHaveLength(1);
    expect(await dropWaitingCards(database.db, 'card', { chatId: 6 }, T)).toBe(false);
    expect((await backlog(database.db)).pending).toBe(1);
  });

  it('keeps blobs, and rolls back with the commit that mentions them', async () => {
    await store('job-1', 'bytes');
    expect((await blobs.read('job-1'))?.toString()).toBe('bytes');
    await blobs.remove('job-1');
    await blobs.remove('job-1');
    expect(await blobs.read('job-1')).toBeNull();
  });

  it('ends jobs past their time and deletes what is finished and old', async () => {
    await newJob('job000000001', 5, T);
    await newJob('job000000002', 5, T + DAY);
    const at = (now: number) => sweep({ database, blobs, retentionDays: 30, now: () => now });
    expect((await at(T + DAY)).expired).toBe(1);
    expect((await findJob(database.db, 'job000000001'))?.state).toBe('expired');
    expect((await openJobs(database.db, 5)).map((job) => job.id)).toEqual(['job000000002']);
    expect((await claim(T + DAY)).map((row) => row.job)).toEqual(['job000000001']);
    expect((await at(T + 31 * DAY)).jobs).toBe(0);
    expect((await at(T + 31 * DAY + 1)).jobs).toBe(1);
    expect(await findJob(database.db, 'job000000001')).toBeNull();
  });

  it('removes blobs that nobody waits for, and no others', async () => {
    const sha = 'cd'.repeat(32);
    await newJob('job000000001');
    const wanted = blobKey('job000000001', sha);
    const result = { sha, mime: 'image/png', size: 1, width: 1, height: 1, file_id: null };
    await database.db
      .insertInto('result')
      .values({ job: 'job000000001', ...result, accepted_at: T, delivered_at: null })
      .execute();
    await store(wanted, 'a');
    await store('job000000009-0000', 'b');
    const now = () => Date.now() + 2 * 3_600_000;
    expect((await sweep({ database, blobs, retentionDays: 30, now })).blobs).toBe(1);
    expect(await blobs.read(wanted)).not.toBeNull();
    expect(await blobs.read('job000000009-0000')).toBeNull();
  });

  it('forgets one person entirely, and nobody else', async () => {
    for (const chatId of [5, 6]) {
      await lockChat(database, database.db, { chatId, userId: chatId }, T);
      await newJob(`job00000000${chatId}`, chatId);
      await enqueue(database.db, { chatId, kind: 'picture', job: `job00000000${chatId}` }, T);
    }
    await forgetChat(database.db, 5);
    const left = await Promise.all(
      (['chat', 'job', 'outbox'] as const).map((table) =>
        database.db.selectFrom(table).select('chat_id').execute(),
      ),
    );
    expect(left.map((rows) => rows.map((row) => row.chat_id))).toEqual([[6], [6], [6]]);
    const inputs = await database.db.selectFrom('input').select('job').execute();
    expect(new Set(inputs.map((input) => input.job))).toEqual(new Set(['job000000006']));
  });
});
