import { POINTS, type Point } from '../../../bot/outbox/points.ts';
import type { Fault } from '../fake/faults.ts';
import type { Random } from '../kit/random.ts';

/** One story: where the process dies, and what Telegram does to it on the way. */
export interface Schedule {
  readonly kills: readonly { readonly point: Point; readonly nth: number }[];
  readonly faults: readonly Fault[];
}

/** Every fault there is, for the two calls of a delivery. */
export function allFaults(method: string): Fault[] {
  const both = ['before', 'after'] as const;
  return [
    { kind: 'slow down', seconds: 0, method },
    ...both.map((when) => ({ kind: 'status', status: 502, when, method }) as const),
    ...both.map((when) => ({ kind: 'drop', when, method }) as const),
    ...both.map((when) => ({ kind: 'garbage', when, method }) as const),
    { kind: 'garbage', when: 'after', text: '{}', method },
    ...both.map((when) => ({ kind: 'hang', when, method }) as const),
  ];
}

export const METHODS = ['sendMessage', 'editMessageMedia', 'editMessageText'] as const;

/**
 * Each point once, in as few stories as it takes for each to be reached: once the picture is recorded its file may never
 * be cleared, and its card is drawn by another worker meanwhile.
 */
export function everyPoint(): Schedule[] {
  const recorded: readonly Point[] = ['picture:recorded'];
  const card: readonly Point[] = ['card:before', 'card:shown'];
  const way = POINTS.filter((point) => !recorded.includes(point) && !card.includes(point));
  return [way, recorded, card].map((points) => ({
    kills: points.map((point) => ({ point, nth: 1 })),
    faults: [],
  }));
}

export function randomSchedule(random: Random): Schedule {
  const kills = Array.from({ length: random.int(4) }, () => ({
    point: random.pick(POINTS),
    nth: random.chance(0.8) ? 1 : 2,
  }));
  const faults = Array.from({ length: random.int(4) }, () =>
    random.pick(allFaults(random.pick(METHODS))),
  );
  return { kills, faults };
}

/** Times that the one window was open: the line is in the chat, and its id was not written down. */
export function windows(
  schedule: Schedule,
  died: readonly Point[],
  left: readonly Fault[],
): number {
  const lost = taken(schedule, left).filter(
    (f) => f.method === 'sendMessage' && 'when' in f && f.when === 'after',
  );
  return lost.length + died.filter((point) => point === 'holder:sent').length;
}

/**
 * Lines whose answer did not come in time beside those that the schedule lost: on a busy machine a call may run out of
 * time although nobody meddled with it, and then its line may stand in the chat without the bridge's knowing.
 */
export function unanswered(schedule: Schedule, left: readonly Fault[], log: string): number {
  const seen = log.match(/no answer from Telegram to sendMessage/g)?.length ?? 0;
  const meant = taken(schedule, left).filter(
    (fault) => fault.method === 'sendMessage' && 'when' in fault,
  );
  return Math.max(0, seen - meant.length);
}

function taken(schedule: Schedule, left: readonly Fault[]): Fault[] {
  const used = [...schedule.faults];
  for (const fault of left) used.splice(used.indexOf(fault), 1);
  return used;
}
