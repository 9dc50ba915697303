/** From the finished painting to the chat. */
import { effect, untracked } from '@preact/signals-core';
import type { JobState } from '../../../shared/job.ts';
import { hear } from '../../job/news.ts';
import { Postman } from '../../job/postman.ts';
import { JobRefusedError } from '../../job/protocol.ts';
import { changeJob, dropJob, loadJob, type SavedJob } from '../../storage/jobs.ts';
import { machine } from '../run/machine.ts';
import { finished, type Done } from '../run/state.ts';
import { base, current, type Current } from './current.ts';
import { pack, type Packed } from './pack.ts';
import { brought, delivery, eased, packed, type Delivery } from './state.ts';

export const postman = new Postman(base);

const seen = new WeakSet<Done>();
let underWay: Promise<void> = Promise.resolve();

export function watchFinished(): void {
  hear(({ id, now }) => {
    note(id, now);
    if (now === 'accepted' && id === current()?.id) void followDelivery();
  });
  effect(() => {
    const { value: made } = finished;
    const id = made?.wish.origin;
    if (!made || !id || seen.has(made)) return;
    seen.add(made);
    // Whatever goes wrong here, the picture on the easel is not to suffer.
    underWay = untracked(() => consider(id, made)).catch(() => note(id, 'refused'));
  });
  machine.onFinished(() => underWay);
}

/** Whole paintings, one a network, go by themselves; what was stopped, when the person says so. */
async function consider(id: string, made: Done): Promise<void> {
  const job = await loadJob(id);
  if (job && mayChange(job)) {
    const whole = made.paintings.filter(({ end }) => end === 'whole');
    if (whole.length === made.wish.networks.length) await deliver(id, made);
    else note(id, 'asks');
  } else if (job || delivery.value === 'delivered') {
    note(id, 'extra');
  }
}

/** Of the job on the easel; others are brought out in silence. */
function note(id: string, now: Delivery): void {
  if (id === brought.value?.id) delivery.value = now;
}

/** One result a job: once the bridge may have it, another would be turned away. */
const mayChange = ({ result }: SavedJob) => result === null || result.fate === 'waiting';

export async function deliver(id: string, { paintings }: Done): Promise<void> {
  const job = await loadJob(id);
  if (!job?.view) return;
  note(id, 'packing');
  let file: Packed;
  try {
    file = await pack(paintings, job.view.options.deliverAs);
  } catch {
    note(id, 'refused');
    return;
  }
  packed.value = file.blob;
  eased.value = file.eased;
  const fresh = { fate: 'waiting', tries: 0, nextTry: 0, notBefore: 0 } as const;
  await changeJob(id, (known) => ({
    ...known,
    result: { ...fresh, ...file },
    updated: Date.now(),
  }));
  note(id, 'waiting');
  void postman.leaveWithBrowser();
  void postman.go();
}

/** What the person asked for after all. */
export function deliverNow(): void {
  const [made, job] = [finished.value, brought.value];
  if (made && job) void deliver(job.id, made);
}

const FIRST_LOOK = 1000;
const RARELY = 30_000;
/** The job that is asked about; another link may be opened meanwhile. */
let following: Current | null = null;

/** What the bridge may still make of a result that it has. */
const ENDS: Readonly<Partial<Record<JobState, Delivery>>> = {
  delivered: 'delivered',
  dead: 'dead',
  cancelled: 'cancelled',
  expired: 'over',
};

/** The bridge has it for sure; now it comes into the chat, or cannot. */
async function followDelivery(): Promise<void> {
  const job = current();
  if (!job || following === job) return;
  following = job;
  for (let pause = FIRST_LOOK; following === job; pause = Math.min(2 * pause, RARELY)) {
    const state = await look(job);
    if (state === 'uploaded' || state === 'unknown') {
      await new Promise((resolve) => setTimeout(resolve, pause));
      continue;
    }
    // Any other state is none that a result leads to, so there is nothing to wait for.
    const end = ENDS[state];
    if (end) note(job.id, end);
    if (following === job) following = null;
    if (end === 'delivered') await dropJob(job.id);
  }
}

async function look({ client }: Current): Promise<JobState | 'unknown'> {
  try {
    return (await client.view()).state;
  } catch (error) {
    // Forgotten by now: it was there.
    return error instanceof JobRefusedError ? 'delivered' : 'unknown';
  }
}
