/** What every tab and the service worker should hear of a job. Names no secret. */
import type { Fate } from '../storage/jobs.ts';

/** `sending`: the result is on the line at this moment; else what became of it. */
export interface JobNews {
  readonly id: string;
  readonly now: 'sending' | Fate;
}

type Listener = (news: JobNews) => void;

const listeners = new Set<Listener>();
let channel: BroadcastChannel | null = null;

function open(): BroadcastChannel {
  if (channel) return channel;
  channel = new BroadcastChannel('restyle-jobs');
  channel.onmessage = ({ data }) => {
    for (const listener of listeners) listener(data as JobNews);
  };
  return channel;
}

export function tell(news: JobNews): void {
  open().postMessage(news);
  for (const listener of listeners) listener(news);
}

export function hear(listener: Listener): void {
  open();
  listeners.add(listener);
}
