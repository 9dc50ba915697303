/** A Telegram job in this tab: from the link to its pictures on the easel, and what may come between. */
import { batch } from '@preact/signals-core';
import type { JobState, JobView } from '../../../shared/job.ts';
import type { Arrival } from '../../job/arrival.ts';
import { fetchInputs } from '../../job/inputs.ts';
import { hold, type Turn } from '../../storage/locks.ts';
import { JobClient, JobRefusedError, JobUnreachableError } from '../../job/protocol.ts';
import { insideTelegram, settleInTelegram } from '../../job/telegram.ts';
import { changeJob, dropJob, loadJob, openJob, type SavedJob } from '../../storage/jobs.ts';
import { capabilities } from '../engine/engine.ts';
import { running } from '../run/state.ts';
import { machine } from '../run/machine.ts';
import { base, current, setCurrent, type Current } from './current.ts';
import { postman, watchFinished } from './deliver.ts';
import { apply, keepOrigin, open, show, speakAs } from './pictures.ts';
import { watchRun } from './report.ts';
import { pickUp } from './resume.ts';
import { brought, delivery, eased, inTelegram, packed, screen } from './state.ts';

/** Milliseconds. */
const REST = 400;

let turn: Turn | null = null;

/** A link was opened. */
export async function begin({ key, initData }: Arrival): Promise<void> {
  screen.value = { kind: 'asking' };
  const known = await loadJob(key.id);
  // A job has one secret: with another the link is broken, and what is here stays as it is.
  if (known && known.cap !== key.cap) {
    screen.value = { kind: 'not-found' };
    return;
  }
  await openJob(key);
  await take({ ...key, initData });
}

/** A visit without a link: the job that was being worked on goes on. */
export async function goOnWith({ id, cap }: SavedJob): Promise<void> {
  await take({ id, cap, initData: null });
}

async function take(key: Omit<Current, 'client'>, how: 'ask' | 'take' = 'ask'): Promise<void> {
  watch();
  turn?.release();
  const name = `restyle-job-${key.id}`;
  turn = await hold(name, how);
  if (!turn) {
    // A reload may come before the browser has buried the page that was here.
    await new Promise((resolve) => setTimeout(resolve, REST));
    turn = await hold(name, how);
  }
  if (!turn) {
    elsewhere(key);
    return;
  }
  turn.onLost(() => {
    machine.stop();
    letGo();
    elsewhere(key);
  });
  setCurrent({ ...key, client: new JobClient(key, base) });
  inTelegram.value = insideTelegram(key.initData);
  if (inTelegram.value) settleInTelegram();
  await enter();
}

const watch = once(() => {
  keepOrigin();
  watchRun();
  watchFinished();
});

function elsewhere(key: Omit<Current, 'client'>): void {
  screen.value = { kind: 'other-tab', act: () => void take(key, 'take') };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

/** With everything here the network is not waited for; it is only asked whether the job is still wanted. */
async function enter(): Promise<void> {
  const { id } = current()!;
  const job = await loadJob(id);
  const fate = job?.result?.fate ?? null;
  if (fate === 'other' || fate === 'over' || fate === 'refused') {
    await end('expired');
  } else if (job?.claimed && job.view && isComplete(job) && fate !== 'accepted') {
    await putUp(job);
    if (!fate) await check();
  } else {
    await ask();
  }
}

const isComplete = ({ view, inputs }: SavedJob) =>
  view!.inputs.every(({ index }) => inputs[index] instanceof Blob);

/** Guards every step that needs the bridge. */
async function trying(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof JobUnreachableError) whenBack(() => void trying(act));
    else if (error instanceof JobRefusedError) await refused(error.why);
    else throw error;
  }
}

/** The network's return tries again by itself. */
function whenBack(again: () => void): void {
  const act = () => {
    removeEventListener('online', act);
    screen.value = { kind: 'asking' };
    again();
  };
  addEventListener('online', act);
  screen.value = { kind: 'unreachable', act };
}

async function refused(why: JobRefusedError['why']): Promise<void> {
  const { id, client } = current()!;
  if (why === 'file-gone') {
    screen.value = { kind: 'unreadable' };
    await client.fail('bad_input').catch(() => undefined);
  } else if (why === 'over' || why === 'wrong-state') {
    // Which end it was, the job itself says.
    await ask();
    return;
  } else {
    screen.value = { kind: why === 'not-yours' ? 'not-yours' : 'not-found' };
  }
  await dropJob(id);
}

async function ask(): Promise<void> {
  screen.value = { kind: 'asking' };
  await trying(async () => {
    const { id, client } = current()!;
    const view = await client.view();
    speakAs(view.lang);
    const job = await changeJob(id, (known) => ({ ...known, view }));
    const ours = job?.claimed ?? false;
    if (view.state === 'open' || view.state === 'failed' || (ours && isOpen(view))) {
      await claim();
    } else if (isOpen(view)) {
      screen.value = { kind: 'elsewhere', act: () => void trying(claim) };
    } else {
      await end(view.state);
    }
  });
}

const isOpen = ({ state }: JobView) => ['open', 'claimed', 'running', 'failed'].includes(state);

async function claim(): Promise<void> {
  screen.value = { kind: 'asking' };
  const { id, client, initData } = current()!;
  const view = await client.claim({
    device: { webgpu: hasGpu() },
    ...(initData !== null && { initData }),
  });
  await changeJob(id, (job) => ({ ...job, view, claimed: true, updated: Date.now() }));
  await trying(async () => {
    await fetchInputs(client, id, view.inputs, (fetching) => {
      screen.value = { kind: 'fetching', ...fetching };
    });
    await putUp((await loadJob(id))!);
  });
}

/** As far as is known by now. */
function hasGpu(): boolean {
  const known = capabilities.peek();
  return known ? known.backend === 'webgpu' : 'gpu' in navigator;
}

/** Onto the easel. */
async function putUp(job: SavedJob): Promise<void> {
  const { id, view, result } = job;
  const shown = await open(job).catch(() => null);
  if (!shown) {
    await refused('file-gone');
    return;
  }
  batch(() => {
    brought.value = { id, view: view! };
    delivery.value = result?.fate ?? null;
    eased.value = result?.eased ?? null;
    packed.value = result?.blob ?? null;
    screen.value = null;
    speakAs(view!.lang);
    show(shown);
  });
  if (result) void postman.go();
  else void apply(view!.options).then(() => pickUp(job, shown));
}

/** The pictures are here already; did anything happen in the chat meanwhile? */
async function check(): Promise<void> {
  const { client } = current()!;
  try {
    const view = await client.view();
    if (!isOpen(view)) await end(view.state);
    else if (view.state === 'open') await client.claim({});
  } catch (error) {
    // Without a network the picture is painted all the same.
    if (error instanceof JobRefusedError) await refused(error.why);
  }
}

/** The job has ended. A picture that the chat did not get is still the person's. */
async function end(state: JobState): Promise<void> {
  const { id } = current()!;
  if (running.value) machine.stop();
  const blob = (await loadJob(id))?.result?.blob ?? null;
  const ends: readonly JobState[] = ['cancelled', 'expired', 'dead'];
  batch(() => {
    letGo();
    packed.value = blob;
    screen.value = { kind: ends.includes(state) ? (state as 'dead') : 'delivered' };
  });
  await dropJob(id);
}

/** The person does not want it any more; the chat hears of it if it can. */
export async function giveUp(): Promise<void> {
  const { id, client } = current()!;
  machine.stop();
  letGo();
  await client.cancel().catch(() => undefined);
  await dropJob(id);
}

/** On with other pictures: the studio as without a job. */
export function leave(): void {
  turn?.release();
  turn = null;
  letGo();
}

function letGo(): void {
  batch(() => {
    screen.value = null;
    brought.value = null;
    delivery.value = null;
    packed.value = null;
  });
}
