/**
 * Load bench: `tsx test/bridge/load.ts [users=200]`. So many people at once, each with a photo, a style and a result of
 * 2 MB, while others flood the server with uploads and hold connections open. Prints times and memory as a table.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOB_API } from '../../shared/job.ts';
import { Victim, buildVictim } from './crash/process.ts';
import { FakeTelegram } from './fake/telegram.ts';
import { PageClient } from './kit/page.ts';
import { png } from './kit/pictures.ts';
import { sleep, until } from './kit/wait.ts';

const USERS = Number(process.argv[2] ?? 200);
const MB = 1024 * 1024;
const LIMIT = 600_000;

const times = new Map<string, number[]>();
const errors: string[] = [];

async function timed<T>(what: string, call: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await call();
  times.set(what, [...(times.get(what) ?? []), performance.now() - began]);
  return result;
}

/** One person from the photo to the picture in the chat. */
async function user(telegram: FakeTelegram, origin: string, id: number): Promise<void> {
  const person = telegram.person(id);
  const { chat } = person;
  const has = (start: string) => chat.texts.some((text) => text.startsWith(start));
  const wait = (what: string, look: () => boolean) => until(what, look, LIMIT);
  await timed('chat: photo to card', async () => {
    person.photo(png(800, 600, { seed: id, bytes: 2 * MB }));
    await wait('photo', () => has('Photo received'));
  });
  person.photo(png(600, 600, { seed: id + 1, bytes: 2 * MB }));
  await wait('style', () => has('Photo: received. Styles: 1'));
  person.press('s:done');
  await wait('options', () => has('One photo'));
  await timed('chat: go to link', async () => {
    person.press('go');
    await wait('link', () => has('Ready.'));
  });
  const link = chat.card!.keyboard.flat()[0]!.url!;
  const page = PageClient.fromLink(origin, link);
  await ask('claim', 200, () => page.claim());
  for (const index of [0, 1]) await ask('input of 2 MB', 200, () => page.input(index));
  for (const percent of [10, 50, 90]) await ask('progress', 204, () => page.progress({ percent }));
  const bytes = png(800, 600, { seed: id + 2, bytes: 2 * MB });
  await timed('delivery: upload to chat', async () => {
    await ask('result of 2 MB', 202, () => page.upload(bytes));
    await wait('picture', () => chat.pictures.length > 0);
  });
  if (chat.pictures.length !== 1) errors.push(`user ${id}: ${chat.pictures.length} pictures`);
}

async function ask(what: string, status: number, call: () => Promise<Response>): Promise<void> {
  const answer = await timed(what, async () => {
    const response = await call();
    await response.arrayBuffer();
    return response;
  });
  if (answer.status !== status) errors.push(`${what}: ${answer.status}`);
}

/** Strangers who send 5 MB again and again with a key that opens nothing. */
async function flood(origin: string, over: { yet: boolean }): Promise<number> {
  const page = new PageClient(origin, `aaaaaaaaaaaa.${'b'.repeat(43)}`);
  const body = png(9, 9, { bytes: 5 * MB });
  let sent = 0;
  while (!over.yet) {
    await page.upload(body).catch(() => null);
    sent += 1;
    await sleep(20);
  }
  return sent;
}

/** Connections that say a byte a second and never finish. */
function loris(origin: string, count: number): () => void {
  const { port } = new URL(origin);
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`POST ${JOB_API.claim} HTTP/1.1\r\nHost: x\r\n`);
    return socket;
  });
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('X');
  }, 1000);
  return () => {
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
  };
}

/** Resident memory of a process, in MB. */
function memory(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024;
}

function report(): void {
  const at = (list: readonly number[], share: number) =>
    Math.round(list[Math.min(list.length - 1, Math.floor(list.length * share))]!);
  for (const [what, list] of times) {
    list.sort((a, b) => a - b);
    const row = `p50 ${at(list, 0.5)} ms, p95 ${at(list, 0.95)} ms, most ${at(list, 1)} ms`;
    console.log(`${what.padEnd(26)} ${String(list.length).padStart(4)} calls  ${row}`);
  }
}

async function main(): Promise<void> {
  const file = await buildVictim();
  const telegram = await new FakeTelegram().start();
  const dataDir = mkdtempSync(join(tmpdir(), 'restyle-load-'));
  const config = {
    botToken: telegram.token,
    publicUrl: 'http://restyle.example',
    apiRoot: telegram.url,
    apiFiles: null,
    dataDir,
    databaseUrl: process.env['DATABASE_URL'] ?? null,
    metricsToken: null,
    retentionDays: 30,
  };
  // Rates and waits as in service.
  const victim = await Victim.start(file, { config, timing: {}, callTimeout: 60_000, kill: null });
  const { url, pid } = victim!;
  const over = { yet: false };
  const flooding = [1, 2, 3, 4].map(() => flood(url, over));
  const endLoris = loris(url, 200);
  let most = memory(pid);
  const watch = setInterval(() => (most = Math.max(most, memory(pid))), 250);
  const began = performance.now();
  const people = Array.from({ length: USERS }, (_, i) => user(telegram, url, i + 1));
  await Promise.all(people.map((one) => one.catch((error: unknown) => errors.push(String(error)))));
  const seconds = (performance.now() - began) / 1000;
  over.yet = true;
  const floods = (await Promise.all(flooding)).reduce((sum, n) => sum + n, 0);
  endLoris();
  clearInterval(watch);
  report();
  const engine = config.databaseUrl === null ? 'SQLite' : 'PostgreSQL';
  console.log(
    `${engine}: ${USERS} users in ${seconds.toFixed(1)} s, ${errors.length} errors, ` +
      `memory at most ${most.toFixed(0)} MB, ${floods} flooding uploads, 200 slow connections`,
  );
  for (const error of errors.slice(0, 10)) console.log(error);
  victim!.kill('SIGTERM');
  await victim!.ended;
  await telegram.stop();
  rmSync(dataDir, { recursive: true, force: true });
  process.exitCode = errors.length === 0 ? 0 : 1;
}

await main();
