import { pictureCaption, pictureKeyboard } from '../chat/cards.ts';
import { sendingTime } from '../chat/port.ts';
import { say, type TextKey } from '../chat/texts.ts';
import { FileUnavailable, MessageGone, TelegramRefused } from '../errors.ts';
import { readWhole } from '../spool.ts';
import { blobKey } from '../store/blobs.ts';
import { findJob, moveJob, optionsOf, resultOf } from '../store/jobs.ts';
import { enqueue, enqueueJobCard, settle, updateLeased } from '../store/outbox.ts';
import type { JobRow, OutboxRow, ResultRow } from '../store/schema.ts';
import { LeaseLost, type OutboxContext } from './context.ts';

interface PicturePayload {
  /** Set for an extra copy that the person asked for; the delivery itself goes by the job's options. */
  readonly as?: 'photo';
  /** Telegram would not have it as a photo. */
  readonly refused?: boolean;
}

/**
 * Bring a picture into the chat, in two steps, because the Bot API has no idempotency key: first a line of text, whose
 * id is written down, then an edit that turns this message into the picture. The edit may be repeated after any
 * failure and still shows one picture; only a crash between the line and its id leaves a stray line.
 */
export async function deliverPicture(context: OutboxContext, row: OutboxRow): Promise<void> {
  context.at('row:claimed');
  const { db } = context.database;
  const job = row.job === null ? null : await findJob(db, row.job);
  const result = job === null ? null : await resultOf(db, job.id);
  if (job === null || result === null) {
    await settle(db, row, 'dead', context.now(), 'forgotten');
    return;
  }
  const payload = JSON.parse(row.payload) as PicturePayload;
  const extra = payload.as === 'photo';
  if (extra && !fitsPhoto(result)) {
    await decline(context, row, job, 'photoTooBig');
    return;
  }
  const bytes = await bytesOf(context, result, extra);
  if (bytes === null) {
    await decline(context, row, job, 'gone');
    return;
  }
  const held = await ensureHolder(context, row, job, bytes.length);
  const wantsPhoto = extra || optionsOf(job).deliverAs === 'photo';
  const asPhoto = wantsPhoto && payload.refused !== true && fitsPhoto(result);
  try {
    const { fileId } = await context.port.putPicture(job.chat_id, held.holder_mid!, {
      as: asPhoto ? 'photo' : 'document',
      bytes,
      fileName: `restyle-${job.id.slice(0, 4)}.${result.mime.slice('image/'.length)}`,
      caption: pictureCaption(job, optionsOf(job)),
      ...(extra ? {} : { keyboard: pictureKeyboard(job, optionsOf(job)) }),
    });
    context.at('picture:put');
    await record(context, held, job, result, extra ? null : fileId);
  } catch (error) {
    if (!(await secondTry(context, held, payload, asPhoto, error))) throw error;
  }
}

/** Null: it was in the chat once, and Telegram has it no longer. */
async function bytesOf(
  context: OutboxContext,
  result: ResultRow,
  extra: boolean,
): Promise<Buffer | null> {
  if (extra && result.file_id !== null) {
    try {
      return await readWhole((await context.port.fetchFile(result.file_id)).stream);
    } catch (error) {
      if (error instanceof FileUnavailable || error instanceof TelegramRefused) return null;
      throw error;
    }
  }
  const bytes = await context.blobs.read(blobKey(result.job, result.sha));
  if (bytes === null) throw new TelegramRefused('delivery', 'its file is missing');
  return bytes;
}

/** The placeholder, whose message is also what notifies the person. Every save renews the lease. */
async function ensureHolder(
  context: OutboxContext,
  row: OutboxRow,
  job: JobRow,
  bytes: number,
): Promise<OutboxRow> {
  const { db } = context.database;
  let mid = row.holder_mid;
  if (mid === null) {
    context.at('holder:before');
    mid = await context.port.sendText(job.chat_id, {
      text: say(job.lang, 'holder'),
      replyTo: job.reply_to,
    });
    context.at('holder:sent');
  }
  const now = context.now();
  const lease = context.timing.lease + sendingTime(bytes);
  const change = { holder_mid: mid, lease_until: now + lease, updated: now };
  if (!(await updateLeased(db, row, change))) {
    // Another worker has the row and a placeholder of its own: take ours back.
    if (row.holder_mid === null) await context.port.deleteMessage(job.chat_id, mid);
    throw new LeaseLost(row);
  }
  // Before the picture goes there: forgetting this message would bring it a second time.
  await context.database.sync();
  context.at('holder:saved');
  return { ...row, holder_mid: mid };
}

async function record(
  context: OutboxContext,
  row: OutboxRow,
  job: JobRow,
  result: ResultRow,
  fileId: string | null,
): Promise<void> {
  const now = context.now();
  const first = await context.database.db.transaction().execute(async (q) => {
    if (!(await settle(q, row, 'sent', now))) throw new LeaseLost(row);
    if (fileId === null) return false;
    await q
      .updateTable('result')
      .set({ file_id: fileId === '' ? null : fileId, delivered_at: now })
      .where('job', '=', job.id)
      .execute();
    const moved = await moveJob(q, job.id, 'deliver', now);
    if (moved !== null) await enqueueJobCard(q, job.chat_id, job.id, now);
    return moved !== null;
  });
  context.at('picture:recorded');
  if (!first) return;
  context.metrics.delivery.observe((now - result.accepted_at) / 1000);
  await context.database.sync();
  await context.blobs.remove(blobKey(job.id, result.sha));
  context.at('picture:cleared');
}

/** Two refusals have a remedy, each once: the placeholder was deleted, or the picture is no photo to Telegram. */
async function secondTry(
  context: OutboxContext,
  row: OutboxRow,
  payload: PicturePayload,
  asPhoto: boolean,
  error: unknown,
): Promise<boolean> {
  const again = { next_at: context.now(), lease_until: 0 };
  if (error instanceof MessageGone && row.holders === 0) {
    return await updateLeased(context.database.db, row, { ...again, holder_mid: null, holders: 1 });
  }
  if (error instanceof TelegramRefused && asPhoto) {
    const refused = JSON.stringify({ ...payload, refused: true });
    return await updateLeased(context.database.db, row, { ...again, payload: refused });
  }
  return false;
}

/** Telegram's limits for photos. */
function fitsPhoto(result: ResultRow): boolean {
  const { width, height, size } = result;
  const ratio = Math.max(width, height) / Math.min(width, height);
  return size <= 10 * 1024 * 1024 && width + height <= 10_000 && ratio <= 20;
}

/** An extra copy that cannot be had: the person is told why, once. */
async function decline(
  context: OutboxContext,
  row: OutboxRow,
  job: JobRow,
  why: TextKey & ('photoTooBig' | 'gone'),
): Promise<void> {
  const now = context.now();
  await context.database.db.transaction().execute(async (q) => {
    if (!(await settle(q, row, 'dead', now, why))) return;
    const payload = { text: say(job.lang, why) };
    await enqueue(q, { chatId: row.chat_id, kind: 'say', payload }, now);
  });
}
