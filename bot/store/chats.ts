import type { Database, Queries } from './database.ts';
import type { ChatRow } from './schema.ts';

/** Note an update as handled, in the transaction that handles it; false when it has been before. */
export async function firstTime(q: Queries, updateId: number, now: number): Promise<boolean> {
  const done = await q
    .insertInto('seen')
    .values({ update_id: updateId, at: now })
    .onConflict((c) => c.column('update_id').doNothing())
    .returning('update_id')
    .executeTakeFirst();
  return done !== undefined;
}

/** Read a chat for changing it, made if it is new. On PostgreSQL the row stays locked until the transaction ends. */
export async function lockChat(
  database: Database,
  q: Queries,
  chat: { readonly chatId: number; readonly userId: number },
  now: number,
): Promise<ChatRow> {
  await q
    .insertInto('chat')
    .values({
      chat_id: chat.chatId,
      user_id: chat.userId,
      state: '{}',
      card_mid: null,
      wake_at: null,
      blocked: 0,
      updated: now,
    })
    .onConflict((c) => c.column('chat_id').doNothing())
    .execute();
  return await q
    .selectFrom('chat')
    .selectAll()
    .where('chat_id', '=', chat.chatId)
    .$if(database.engine === 'postgres', (qb) => qb.forUpdate())
    .executeTakeFirstOrThrow();
}

export async function findChat(q: Queries, chatId: number): Promise<ChatRow | null> {
  const row = await q
    .selectFrom('chat')
    .selectAll()
    .where('chat_id', '=', chatId)
    .executeTakeFirst();
  return row ?? null;
}

export async function saveChat(
  q: Queries,
  chatId: number,
  change: Partial<Omit<ChatRow, 'chat_id'>>,
): Promise<void> {
  await q.updateTable('chat').set(change).where('chat_id', '=', chatId).execute();
}

/** Note a draft's new card, unless a press has been faster and has made it a job's card meanwhile. */
export async function noteCard(q: Queries, chatId: number, mid: number): Promise<void> {
  await q
    .updateTable('chat')
    .set({ card_mid: mid })
    .where('chat_id', '=', chatId)
    .where((eb) => eb.or([eb('card_mid', 'is', null), eb('card_mid', '<', mid)]))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('job')
            .select('id')
            .where('chat_id', '=', chatId)
            .where('card_mid', '=', mid),
        ),
      ),
    )
    .execute();
}

/** Chats whose scenario wants a tick. */
export async function chatsToWake(q: Queries, now: number, limit: number): Promise<ChatRow[]> {
  return await q
    .selectFrom('chat')
    .selectAll()
    .where('wake_at', '<=', now)
    .orderBy('wake_at')
    .limit(limit)
    .execute();
}
