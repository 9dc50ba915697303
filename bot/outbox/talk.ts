import { MessageGone, TelegramRefused } from '../errors.ts';
import { findChat, noteCard } from '../store/chats.ts';
import { findJob } from '../store/jobs.ts';
import { settle } from '../store/outbox.ts';
import type { JobRow, OutboxRow } from '../store/schema.ts';
import { draftCard, jobCard } from '../chat/cards.ts';
import type { OutgoingText } from '../chat/port.ts';
import { loadState } from '../chat/state.ts';
import type { OutboxContext } from './context.ts';

/** A line of text, rendered when it was written down. */
export async function postText(context: OutboxContext, row: OutboxRow): Promise<void> {
  await context.port.sendText(row.chat_id, JSON.parse(row.payload) as OutgoingText);
  await settle(context.database.db, row, 'sent', context.now());
}

interface CardPayload {
  readonly fresh?: boolean;
  readonly close?: { readonly mid: number; readonly text: string };
}

/** The draft's card, drawn from the state of this moment: a repetition shows the same thing. */
export async function postCard(context: OutboxContext, row: OutboxRow): Promise<void> {
  const { database, port } = context;
  const payload = JSON.parse(row.payload) as CardPayload;
  if (payload.close !== undefined) {
    await unlessGone(port.editText(row.chat_id, payload.close.mid, { text: payload.close.text }));
    await settle(database.db, row, 'sent', context.now());
    return;
  }
  const chat = await findChat(database.db, row.chat_id);
  const card = chat === null ? null : draftCard(loadState(chat.state));
  if (chat !== null && card !== null) {
    await showCard(context, row.chat_id, chat.card_mid, card, payload.fresh === true);
  }
  await settle(database.db, row, 'sent', context.now());
}

async function showCard(
  context: OutboxContext,
  chatId: number,
  mid: number | null,
  card: OutgoingText,
  fresh: boolean,
): Promise<void> {
  const { database, port } = context;
  if (mid !== null) {
    if (!fresh && (await unlessGone(port.editText(chatId, mid, card)))) return;
    if (fresh) await unlessGone(port.deleteMessage(chatId, mid));
  }
  const sent = await port.sendText(chatId, card);
  await noteCard(database.db, chatId, sent);
}

/** The card of a job, drawn from its row. */
export async function postJobCard(context: OutboxContext, row: OutboxRow): Promise<void> {
  const { database } = context;
  const job = row.job === null ? null : await findJob(database.db, row.job);
  if (job !== null) {
    context.at('card:before');
    await showJobCard(context, job);
    context.at('card:shown');
  }
  await settle(database.db, row, 'sent', context.now());
}

async function showJobCard(context: OutboxContext, job: JobRow): Promise<void> {
  const { database, port, capabilities, publicUrl } = context;
  const now = context.now();
  const card = jobCard(job, capabilities.keyOf(job), publicUrl, now);
  if (job.card_mid !== null) {
    if (await unlessGone(port.editText(job.chat_id, job.card_mid, card))) return;
    // Deleted by the person: only a card with something to press is worth a new message.
    if (card.keyboard === undefined) return;
  }
  const sent = await port.sendText(job.chat_id, { ...card, replyTo: job.reply_to });
  await database.db.updateTable('job').set({ card_mid: sent }).where('id', '=', job.id).execute();
}

/** False when the message is gone; refusals to touch an old message count as gone. */
async function unlessGone(call: Promise<void>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof MessageGone || error instanceof TelegramRefused) return false;
    throw error;
  }
}
