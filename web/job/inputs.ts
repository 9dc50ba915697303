/** The person's pictures, fetched at once and kept, so that everything after needs no network. */
import { backoff } from '../../shared/backoff.ts';
import type { JobInput } from '../../shared/job.ts';
import { changeJob, loadJob } from '../storage/jobs.ts';
import { JobUnreachableError, type JobClient } from './protocol.ts';

const TRIES = 5;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 8000;

export interface Fetching {
  /** Pictures that are here, and all of them. */
  readonly done: number;
  readonly of: number;
  readonly bytes: number;
}

/** @throws JobRefusedError, JobUnreachableError; what has come by then is kept for the next time. */
export async function fetchInputs(
  client: JobClient,
  id: string,
  inputs: readonly JobInput[],
  onProgress: (fetching: Fetching) => void,
): Promise<void> {
  const kept = (await loadJob(id))?.inputs ?? [];
  const missing = inputs.filter(({ index }) => !kept[index]);
  let [done, bytes] = [inputs.length - missing.length, 0];
  const report = (count: number) => {
    bytes += count;
    onProgress({ done, of: inputs.length, bytes });
  };
  report(0);
  await Promise.all(
    missing.map(async (input) => {
      const blob = await patiently(() => client.input(input.index, input.type, report));
      await changeJob(id, (job) => ({ ...job, inputs: withBlob(job.inputs, input.index, blob) }));
      done++;
      report(0);
    }),
  );
}

function withBlob(inputs: readonly (Blob | null)[], index: number, blob: Blob): (Blob | null)[] {
  const length = Math.max(inputs.length, index + 1);
  return Array.from({ length }, (_, i) => (i === index ? blob : (inputs[i] ?? null)));
}

async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof JobUnreachableError) || tries === TRIES) throw error;
      const pause = backoff(tries, FIRST_WAIT, LONGEST_WAIT);
      await new Promise((resolve) => setTimeout(resolve, Math.max(error.wait, pause)));
    }
  }
}
