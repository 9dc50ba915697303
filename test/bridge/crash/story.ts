import { setTimeout as sleep } from 'node:timers/promises';
import { Capabilities } from '../../../bot/capabilities.ts';
import type { Point } from '../../../bot/outbox/points.ts';
import { openDatabase } from '../../../bot/store/database.ts';
import { createJob, findJob } from '../../../bot/store/jobs.ts';
import { backlog } from '../../../bot/store/outbox.ts';
import { formatJobKey } from '../../../shared/deeplink.ts';
import { DEFAULT_JOB_OPTIONS } from '../../../shared/job.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import type { Place } from '../kit/engines.ts';
import { PageClient } from '../kit/page.ts';
import { png } from '../kit/pictures.ts';
import { Victim } from './process.ts';
import { type Schedule, unanswered, windows } from './schedule.ts';
import type { VictimPlan } from './victim.ts';

/** What came of a story, in the words of the person who waits for the picture. */
export interface Ending {
  readonly pictures: number;
  readonly rightBytes: boolean;
  readonly strays: number;
  readonly windows: number;
  /** Calls that ran out of time by themselves. */
  readonly unanswered: number;
  readonly died: readonly Point[];
  readonly pending: number;
  readonly state: string | undefined;
  readonly card: string;
  readonly log: string;
}

const CHAT = 77;
const HOLDER = 'Your picture is ready, bringing it …';

/** Play one schedule from the upload to the end, as often as it takes to start the bridge anew. */
export async function play(file: string, schedule: Schedule, place: Place): Promise<Ending> {
  const telegram = await new FakeTelegram().start();
  const story = await prepare(telegram, place);
  telegram.faults.add(...schedule.faults);
  const died: Point[] = [];
  const logs: string[] = [];
  const state = { origin: '', over: false };
  const page = upload(state, story.key, story.bytes);
  for (const kill of [...schedule.kills, null]) {
    const victim = await Victim.start(file, planFor(telegram, place, kill));
    if (victim === null) {
      died.push(kill!.point);
      continue;
    }
    state.origin = victim.url;
    const finished = kill === null ? finish(page, telegram, place, story.id) : settled(telegram);
    const end = await Promise.race([victim.ended, finished]);
    if (end === 'SIGKILL') died.push(kill!.point);
    else victim.kill('SIGTERM');
    await victim.ended;
    logs.push(victim.log);
  }
  state.over = true;
  await page;
  const log = logs.join('');
  const ending = await judge(telegram, place, story, schedule, died);
  const late = unanswered(schedule, telegram.faults.waiting, log);
  await telegram.stop();
  return { ...ending, unanswered: late, log };
}

interface Story {
  readonly id: string;
  readonly key: string;
  readonly bytes: Buffer;
}

/** A job that a page has claimed, with its card in the chat. */
async function prepare(telegram: FakeTelegram, place: Place): Promise<Story> {
  const key = new Capabilities(telegram.token).create();
  const [photo, card] = [telegram.nextMessageId(), telegram.nextMessageId()];
  const blank = { text: 'x', keyboard: [], replyTo: null, fileId: null, fileName: null, edits: 0 };
  telegram.chat(CHAT).add({ ...blank, id: photo, from: 'user', kind: 'photo' });
  telegram.chat(CHAT).add({ ...blank, id: card, from: 'bot', kind: 'text' });
  const database = await openDatabase(place);
  const inputs = [{ role: 'content', file_id: 'f', mime: 'image/jpeg', size: 1 }] as const;
  const who = { chatId: CHAT, userId: CHAT, lang: 'en', replyTo: photo, cardMid: card } as const;
  const options = DEFAULT_JOB_OPTIONS;
  const job = { id: key.id, capSha: key.sha, ...who, options, inputs };
  await createJob(database.db, job, Date.now());
  await database.db.updateTable('job').set({ state: 'claimed' }).execute();
  await database.close();
  return { id: key.id, key: formatJobKey(key), bytes: png(40, 30, { bytes: 3000 }) };
}

function planFor(telegram: FakeTelegram, place: Place, kill: VictimPlan['kill']): VictimPlan {
  return {
    config: {
      botToken: telegram.token,
      publicUrl: 'http://restyle.example',
      apiRoot: telegram.url,
      apiFiles: null,
      dataDir: place.dataDir,
      databaseUrl: place.databaseUrl,
      metricsToken: null,
      retentionDays: 30,
    },
    timing: { lease: 1_500, retry: 20, longest: 100, poll: 50 },
    callTimeout: 1_000,
    kill,
  };
}

/** The page's outbox: it sends until the bridge has said yes, and never gives up. */
async function upload(
  state: { origin: string; over: boolean },
  key: string,
  bytes: Buffer,
): Promise<void> {
  while (!state.over) {
    const answer =
      state.origin === ''
        ? null
        : await new PageClient(state.origin, key).upload(bytes).catch(() => null);
    if (answer?.status === 202 || answer?.status === 200) return;
    await sleep(20);
  }
}

/** A victim that is to die gets this long to come to its point; some points are never reached again. */
async function settled(telegram: FakeTelegram): Promise<void> {
  // Should the picture never come, the ending says so.
  for (let quiet = 0, calls = -1, tries = 0; quiet < 8 && tries < 600; tries++) {
    await sleep(50);
    const now = telegram.calls.filter((method) => method !== 'getUpdates').length;
    const done = telegram.chat(CHAT).texts.includes('Done: the picture is below.');
    quiet = now === calls && done ? quiet + 1 : 0;
    calls = now;
  }
}

async function finish(
  page: Promise<void>,
  telegram: FakeTelegram,
  place: Place,
  id: string,
): Promise<void> {
  await page;
  const database = await openDatabase(place);
  for (let tries = 0; tries < 400; tries++) {
    const waiting = await backlog(database.db);
    const job = await findJob(database.db, id);
    if (waiting.pending === 0 && job?.state === 'delivered') break;
    await sleep(50);
  }
  await database.close();
}

async function judge(
  telegram: FakeTelegram,
  place: Place,
  story: Story,
  schedule: Schedule,
  died: readonly Point[],
): Promise<Omit<Ending, 'log' | 'unanswered'>> {
  const chat = telegram.chat(CHAT);
  const database = await openDatabase(place);
  const job = await findJob(database.db, story.id);
  const { pending } = await backlog(database.db);
  await database.close();
  return {
    pictures: chat.pictures.length,
    rightBytes: chat.pictures.every((one) => telegram.file(one.fileId!)!.bytes.equals(story.bytes)),
    strays: chat.texts.filter((text) => text === HOLDER).length,
    windows: windows(schedule, died, telegram.faults.waiting),
    died,
    pending,
    state: job?.state,
    card: chat.find(job?.card_mid ?? 0)?.text ?? '',
  };
}
