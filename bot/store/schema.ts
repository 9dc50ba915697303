import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';
import type { JobState } from '../../shared/job.ts';
import type { Language } from '../../shared/languages.ts';

/** Times are milliseconds since 1970. Nothing here is a secret: capabilities are kept as SHA-256 only. */
export interface Tables {
  chat: ChatTable;
  job: JobTable;
  input: InputTable;
  result: ResultTable;
  outbox: OutboxTable;
  seen: { update_id: number; at: number };
  blob: { key: string; bytes: Uint8Array };
}

interface ChatTable {
  chat_id: number;
  user_id: number;
  /** ChatState as JSON; see chat/scenario.ts. */
  state: string;
  /** The one message whose buttons drive the draft. */
  card_mid: number | null;
  /** When the scenario wants a tick: an album has gone quiet, or the person has. */
  wake_at: number | null;
  blocked: 0 | 1;
  updated: number;
}

interface JobTable {
  id: string;
  cap_sha: string;
  chat_id: number;
  user_id: number;
  lang: Language;
  options: string;
  state: ColumnType<JobState>;
  /** The content photo's message: the result is a reply to it. */
  reply_to: number;
  card_mid: number | null;
  percent: number;
  stage: string | null;
  eta: number | null;
  /** What the card last showed, to keep edits rare. */
  shown_percent: number;
  shown_at: number;
  fail_code: string | null;
  created: number;
  expires: number;
  claimed_at: number | null;
  beat_at: number | null;
  updated: number;
}

interface InputTable {
  job: string;
  idx: number;
  role: 'content' | 'style';
  file_id: string;
  mime: string;
  size: number | null;
}

interface ResultTable {
  job: string;
  sha: string;
  mime: string;
  size: number;
  width: number;
  height: number;
  /** Telegram's name for the delivered file; from then on the blob is not needed. */
  file_id: string | null;
  accepted_at: number;
  delivered_at: number | null;
}

export type OutboxKind = 'say' | 'card' | 'jobcard' | 'picture';
export type OutboxState = 'pending' | 'sent' | 'dead';

interface OutboxTable {
  id: Generated<number>;
  /** Rows of one lane go out one after the other, in order. */
  lane: string;
  chat_id: number;
  kind: OutboxKind;
  job: string | null;
  payload: string;
  state: ColumnType<OutboxState>;
  /** The placeholder that the picture will replace. */
  holder_mid: number | null;
  holders: number;
  attempts: number;
  next_at: number;
  lease_until: number;
  lease_by: string | null;
  last_error: string | null;
  created: number;
  updated: number;
}

export type ChatRow = Selectable<ChatTable>;
export type JobRow = Selectable<JobTable>;
export type InputRow = Selectable<InputTable>;
export type ResultRow = Selectable<ResultTable>;
export type OutboxRow = Selectable<OutboxTable>;
export type NewInput = Insertable<InputTable>;
export type NewJob = Insertable<JobTable>;
export type NewOutbox = Insertable<OutboxTable>;
