/** A bridge that begins while Telegram is in trouble, and chats that are. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOOK_PATH, hookSecret } from '../../bot/http/hook.ts';
import { openDatabase } from '../../bot/store/database.ts';
import { lockChat, saveChat } from '../../bot/store/chats.ts';
import { FakeTelegram } from './fake/telegram.ts';
import { TestBridge } from './kit/bridge.ts';
import { describeEngines } from './kit/engines.ts';
import { png } from './kit/pictures.ts';
import { until } from './kit/wait.ts';

let telegram: FakeTelegram;
beforeEach(async () => {
  telegram = await new FakeTelegram().start();
});
afterEach(() => telegram.stop());

it('takes updates after a getMe that failed', async () => {
  telegram.faults.add(
    { kind: 'status', status: 502, when: 'before', method: 'getMe' },
    { kind: 'drop', when: 'before', method: 'getMe' },
    { kind: 'status', status: 502, when: 'before', method: 'getMe' },
  );
  // Telegram knows the address from an earlier start, and an update is already on its way.
  telegram.setHook({ path: HOOK_PATH, secret: hookSecret(telegram.token) });
  const person = telegram.person(1);
  person.say('/start');
  const bridge = await TestBridge.start({ telegram, publicUrl: 'https://restyle.example' });
  await until('the greeting', () => person.chat.texts.length > 0);
  expect(telegram.faults.waiting).toEqual([]);
  await bridge.settled();
  expect(telegram.updates.hookAnswers.at(-1)).toBe(200);
  // Asked once for good: what comes later depends on no getMe.
  telegram.faults.add({ kind: 'status', status: 502, when: 'before', method: 'getMe' });
  person.say('/help');
  await until('help', () => person.chat.texts.length > 1);
  await bridge.stop();
});

it('talks although Telegram refuses its list of commands', async () => {
  const description = 'Bad Request: BOT_COMMAND_INVALID';
  telegram.faults.add({ kind: 'refuse', code: 400, description, method: 'setMyCommands' });
  const bridge = await TestBridge.start({ telegram });
  const person = telegram.person(1);
  person.say('/start');
  await until('the greeting', () => person.chat.texts.length > 0);
  expect(bridge.log.join('')).toContain('Telegram refuses the list of commands');
  await bridge.stop();
});

describeEngines('one chat that cannot be read', (newPlace) => {
  it('holds up neither the others nor the sweep', async () => {
    const place = await newPlace();
    let later = 0;
    const now = () => Date.now() + later;
    const first = await TestBridge.start({ telegram, ...place, now });
    const person = telegram.person(2);
    person.photo(png());
    await until('a card', () => person.chat.card);
    await first.settled();
    await first.stop();
    const database = await openDatabase(place);
    await database.db
      .transaction()
      .execute((q) => lockChat(database, q, { chatId: 1, userId: 1 }, 1));
    await saveChat(database.db, 1, { state: 'not JSON', wake_at: 1 });
    await database.close();
    later = 2 * 3_600_000;
    const second = await TestBridge.start({ telegram, ...place, now });
    await until('put away', () => person.chat.texts.some((text) => text.startsWith('Put away')));
    expect(second.log.join('')).toContain('tick failed');
    await second.stop();
  });
});
