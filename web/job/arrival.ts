/**
 * A job's link was opened. Imported before everything else, so that its secret has left the address bar before
 * anything can look there: history, extensions, error reports.
 */
import { launchDataOf, parseJobFragment, type JobKey } from '../../shared/deeplink.ts';

export interface Arrival {
  readonly key: JobKey;
  /** What Telegram signed about the person, when opened inside of it. */
  readonly initData: string | null;
}

/** Takes job and launch data out of the address; null if there are none. */
export function takeArrival(): Arrival | null {
  const { hash, pathname, search } = location;
  const key = parseJobFragment(hash);
  const initData = launchDataOf(hash);
  if (key || initData) history.replaceState(history.state, '', pathname + search);
  return key && { key, initData };
}

/** How this page was opened. */
export const arrival = takeArrival();
