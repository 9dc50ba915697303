import type { Capabilities } from '../capabilities.ts';
import type { Queries } from '../store/database.ts';
import { saveChat } from '../store/chats.ts';
import { createJob, moveJob, openJobs } from '../store/jobs.ts';
import { dropWaitingCards, enqueue, enqueueJobCard } from '../store/outbox.ts';
import { forgetChat, revokeChat } from '../store/forget.ts';
import { askKeyboard } from '../chat/cards.ts';
import type { ChatState, Effect } from '../chat/state.ts';
import { say } from '../chat/texts.ts';

/** One turn of a conversation, inside its transaction. */
export interface Turn {
  readonly q: Queries;
  readonly chatId: number;
  readonly userId: number;
  /** The state after the event. */
  readonly state: ChatState;
  readonly now: number;
  readonly retentionDays: number;
  readonly capabilities: Capabilities;
  cardMid: number | null;
  /** To be done once the transaction is through: lines that answer a press, and blobs nobody mentions any more. */
  readonly answers: (string | null)[];
  readonly orphans: string[];
}

/** Do what the scenario asked for. Everything a chat shall see goes through the outbox, in the same transaction. */
export async function perform(turn: Turn, effect: Effect): Promise<void> {
  const { q, chatId, now, state } = turn;
  switch (effect.do) {
    case 'say':
      await speak(turn, effect);
      return;
    case 'answer':
      turn.answers.push(effect.key === null ? null : say(state.lang, effect.key));
      return;
    case 'card': {
      const fresh = (await dropWaitingCards(q, 'card', { chatId }, now)) || effect.fresh;
      await enqueue(q, { chatId, kind: 'card', payload: { fresh } }, now);
      return;
    }
    case 'closeCard':
      await closeCard(turn, say(state.lang, effect.key));
      return;
    case 'createJob':
      await openJob(turn, effect);
      return;
    case 'jobCard':
      await enqueueJobCard(q, chatId, effect.job, now);
      return;
    case 'cancelJob':
      await cancel(turn, effect.job);
      return;
    case 'cancelAllJobs':
      for (const job of await openJobs(q, chatId)) await cancel(turn, job.id);
      return;
    case 'sendPhoto':
      await enqueue(q, { chatId, kind: 'picture', job: effect.job, payload: { as: 'photo' } }, now);
      return;
    case 'block':
      turn.orphans.push(...(await revokeChat(q, chatId, now)));
      return;
    case 'forget':
      turn.orphans.push(...(await forgetChat(q, chatId)));
      return;
  }
}

async function speak(turn: Turn, effect: Effect & { do: 'say' }): Promise<void> {
  const text = say(turn.state.lang, effect.key, {
    days: turn.retentionDays,
    name: effect.name ?? '',
  });
  const payload = {
    text,
    ...(effect.replyTo === undefined ? {} : { replyTo: effect.replyTo }),
    ...(effect.ask === undefined ? {} : { keyboard: askKeyboard(effect.ask, turn.state.lang) }),
  };
  await enqueue(turn.q, { chatId: turn.chatId, kind: 'say', payload }, turn.now);
}

/** The card stays where it is, without buttons. */
async function closeCard(turn: Turn, text: string): Promise<void> {
  await dropWaitingCards(turn.q, 'card', { chatId: turn.chatId }, turn.now);
  if (turn.cardMid === null) return;
  const payload = { close: { mid: turn.cardMid, text } };
  await enqueue(turn.q, { chatId: turn.chatId, kind: 'card', payload }, turn.now);
  await setCard(turn, null);
}

/** The draft's card becomes the job's card. */
async function openJob(turn: Turn, effect: Effect & { do: 'createJob' }): Promise<void> {
  const { q, chatId, now } = turn;
  const key = turn.capabilities.create();
  const pictures = [effect.content, ...effect.styles];
  await dropWaitingCards(q, 'card', { chatId }, now);
  await createJob(
    q,
    {
      id: key.id,
      capSha: key.sha,
      chatId,
      userId: turn.userId,
      lang: turn.state.lang,
      options: effect.options,
      replyTo: effect.content.mid,
      cardMid: turn.cardMid,
      inputs: pictures.map((picture, i) => ({
        role: i === 0 ? 'content' : 'style',
        file_id: picture.fileId,
        mime: picture.mime,
        size: picture.size,
      })),
    },
    now,
  );
  await setCard(turn, null);
  await enqueueJobCard(q, chatId, key.id, now);
}

async function setCard(turn: Turn, mid: number | null): Promise<void> {
  turn.cardMid = mid;
  await saveChat(turn.q, turn.chatId, { card_mid: mid });
}

async function cancel(turn: Turn, job: string): Promise<void> {
  const moved = await moveJob(turn.q, job, 'cancel', turn.now);
  if (moved !== null) await enqueueJobCard(turn.q, turn.chatId, job, turn.now);
}
