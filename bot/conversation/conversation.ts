import type { Capabilities } from '../capabilities.ts';
import type { Logger } from '../log.ts';
import { chatsToWake, firstTime, lockChat, saveChat } from '../store/chats.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Database, Queries } from '../store/database.ts';
import { findJob, inputsOf, openJobs, optionsOf, resultOf } from '../store/jobs.ts';
import { type Turn, perform } from './effects.ts';
import type { ChatPort } from '../chat/port.ts';
import { isOnCard, jobOfPress } from '../chat/presses.ts';
import { reduce, wakeAt } from '../chat/scenario.ts';
import { type ChatEvent, type JobFacts, type Surroundings, loadState } from '../chat/state.ts';
import { langOf } from '../chat/texts.ts';
import { type Incoming, readUpdate } from '../telegram/updates.ts';

export interface ConversationOptions {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly port: ChatPort;
  readonly capabilities: Capabilities;
  readonly retentionDays: number;
  readonly botName: () => string | undefined;
  readonly now: () => number;
  readonly log: Logger;
  /** Something new lies in the outbox. */
  readonly posted: () => void;
}

/** Milliseconds until a chat whose tick failed gets another. */
const AFTER_TROUBLE = 60_000;

interface Who {
  readonly chatId: number;
  readonly userId: number;
}

/** Runs the scenario: one update, one transaction, in which its effects are written down too. */
export class Conversation {
  readonly #o: ConversationOptions;

  constructor(options: ConversationOptions) {
    this.#o = options;
  }

  /** Handle an update once, however often it comes. Throws only when the database fails: then it must come again. */
  async update(raw: unknown): Promise<'handled' | 'ignored' | 'repeated'> {
    const incoming = readUpdate(raw, this.#o.botName());
    if (incoming === null) return 'ignored';
    const turn = await this.#o.database.db.transaction().execute(async (q) => {
      const now = this.#o.now();
      if (!(await firstTime(q, incoming.updateId, now))) return null;
      return await this.#turn(q, incoming, incoming.event, now, incoming.langCode);
    });
    if (turn === null) return 'repeated';
    // Telegram forgets the update once it is told that it was taken.
    await this.#o.database.sync();
    await this.#afterwards(turn, incoming);
    return 'handled';
  }

  /** Give a tick to every chat that wanted one by now. */
  async tick(): Promise<void> {
    const now = this.#o.now();
    for (const chat of await chatsToWake(this.#o.database.db, now, 100)) {
      const who = { chatId: chat.chat_id, userId: chat.user_id };
      try {
        const turn = await this.#o.database.db
          .transaction()
          .execute((q) => this.#turn(q, who, { type: 'tick' }, now, undefined));
        await this.#afterwards(turn, null);
      } catch (error) {
        // One chat's trouble is not the others'; it is looked at again a little later.
        this.#o.log.error({ err: error, chat: who.chatId }, 'tick failed');
        await saveChat(this.#o.database.db, who.chatId, { wake_at: now + AFTER_TROUBLE });
      }
    }
  }

  async #turn(
    q: Queries,
    who: Who,
    event: ChatEvent,
    now: number,
    langCode: string | undefined,
  ): Promise<Turn> {
    const chat = await lockChat(this.#o.database, q, who, now);
    const stored = loadState(chat.state);
    const heard = event.type !== 'tick' && !stored.langChosen;
    const state = heard ? { ...stored, lang: langOf(langCode) } : stored;
    // A quick finger: the card is in the chat, and its id is still on the way to the database.
    const newer =
      event.type === 'press' && isOnCard(event.data) && event.mid > (chat.card_mid ?? 0);
    const cardMid = newer && state.step !== 'idle' ? event.mid : chat.card_mid;
    const around: Surroundings = {
      now,
      cardMid,
      openJobs: (await openJobs(q, who.chatId)).length,
      job: event.type === 'press' ? await jobFacts(q, event.data, who.chatId) : null,
    };
    const outcome = reduce(state, event, around);
    const turn: Turn = {
      q,
      ...who,
      state: outcome.state,
      now,
      retentionDays: this.#o.retentionDays,
      capabilities: this.#o.capabilities,
      cardMid,
      answers: [],
      orphans: [],
    };
    // Saved first: /forget and a block, which are effects, have the last word.
    await saveChat(q, who.chatId, {
      state: JSON.stringify(outcome.state),
      card_mid: cardMid,
      wake_at: wakeAt(outcome.state),
      blocked: 0,
      updated: now,
    });
    for (const effect of outcome.effects) await perform(turn, effect);
    return turn;
  }

  async #afterwards(turn: Turn, incoming: Incoming | null): Promise<void> {
    this.#o.posted();
    if (incoming?.pressId !== undefined && incoming.pressId !== null) {
      const text = turn.answers.find((answer) => answer !== null) ?? null;
      // Not waited for: it only stops the button's spinner, and Telegram refuses it after a while.
      this.#o.port.answerPress(incoming.pressId, text).catch((error: unknown) => {
        this.#o.log.debug({ err: error }, 'press not answered');
      });
    }
    // A crash before this leaves a file that the sweep finds.
    for (const key of turn.orphans) await this.#o.blobs.remove(key).catch(() => undefined);
  }
}

/** The job that a button names; null when there is none or it is another chat's. */
async function jobFacts(q: Queries, data: string, chatId: number): Promise<JobFacts | null> {
  const id = jobOfPress(data);
  const job = id === null ? null : await findJob(q, id);
  if (job?.chat_id !== chatId) return null;
  const [inputs, result, photos] = await Promise.all([
    inputsOf(q, job.id),
    resultOf(q, job.id),
    q
      .selectFrom('outbox')
      .select('payload')
      .where('chat_id', '=', chatId)
      .where('job', '=', job.id)
      .where('kind', '=', 'picture')
      .where('state', '<>', 'dead')
      .execute(),
  ]);
  return {
    id: job.id,
    state: job.state,
    options: optionsOf(job),
    pictures: inputs.map((input) => ({
      fileId: input.file_id,
      mime: input.mime,
      size: input.size,
      mid: job.reply_to,
      short: null,
    })),
    hasFile: result?.file_id !== null && result?.file_id !== undefined,
    photoAsked: photos.some((row) => row.payload.includes('photo')),
  };
}
