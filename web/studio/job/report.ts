/** Tells the card in the chat how the painting goes. */
import { effect } from '@preact/signals-core';
import type { FailBody, ProgressBody } from '../../../shared/job.ts';
import { JobRefusedError } from '../../job/protocol.ts';
import { Reports } from '../../job/reports.ts';
import { confirmClosing } from '../../job/telegram.ts';
import { dropJob } from '../../storage/jobs.ts';
import type { FaultKind } from '../../worker/faults.ts';
import { notice } from '../notice/notice.ts';
import { machine } from '../run/machine.ts';
import { asked, fraction, running, speed, stage, state, type Phase } from '../run/state.ts';
import { current } from './current.ts';
import { awaited, brought, delivery, inTelegram } from './state.ts';

type Stage = NonNullable<ProgressBody['stage']>;

const STAGES: Readonly<Partial<Record<Phase, Stage>>> = {
  loading: 'loading',
  enlarging: 'upscaling',
  stopping: 'saving',
};

const CODES: Readonly<Partial<Record<FaultKind, FailBody['code']>>> = {
  'out-of-memory': 'out_of_memory',
  // Neither GPU nor WebAssembly: another browser is what helps.
  'backend-unavailable': 'no_gpu',
};

export function watchRun(): void {
  const reports = new Reports(report);
  let ours = false;
  effect(() => {
    const { value: to } = brought;
    const now = running.value && awaited.value && asked.value?.origin === to?.id;
    if (now) {
      reports.note(progress());
    } else {
      reports.drop();
      // What went wrong is said right after the run has ended.
      if (ours) queueMicrotask(told);
    }
    if (now !== ours && inTelegram.peek()) confirmClosing(now);
    ours = now;
  });
}

function progress(): ProgressBody {
  const left = speed.value?.secondsLeft;
  // Of several stages only the first says how long it takes.
  const last = stage.value !== null && stage.value.index === stage.value.count - 1;
  return {
    percent: Math.round(100 * fraction.value),
    stage: STAGES[state.value.kind] ?? 'styling',
    ...(last && left !== undefined && { eta: Math.min(left, 604_800) }),
  };
}

/** The run has ended; if it failed, the chat says so, with advice. */
function told(): void {
  const { value: news } = notice;
  if (news?.kind !== 'failed') return;
  void current()
    ?.client.fail(CODES[news.fault] ?? 'other')
    .catch(() => undefined);
}

async function report(body: ProgressBody): Promise<void> {
  const now = current();
  try {
    await now?.client.progress(body);
  } catch (error) {
    // A network that is away is no reason to stop.
    if (!(error instanceof JobRefusedError) || now === null) return;
    if (error.why !== 'over' && error.why !== 'not-found') return;
    await ended(now.id);
  }
}

/** Cancelled in the chat, or out of time: the best so far is the person's own. */
async function ended(id: string): Promise<void> {
  const view = await current()
    ?.client.view()
    .catch(() => null);
  await dropJob(id);
  delivery.value = view?.state === 'cancelled' ? 'cancelled' : 'over';
  machine.stop();
}
