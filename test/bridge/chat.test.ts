/** Conversations over real Telegraf and HTTP, with everything odd that people send. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakePerson } from './fake/person.ts';
import { FakeTelegram } from './fake/telegram.ts';
import { TestBridge } from './kit/bridge.ts';
import { png } from './kit/pictures.ts';
import { until } from './kit/wait.ts';

let telegram: FakeTelegram;
let bridge: TestBridge;
let id = 0;

beforeAll(async () => {
  telegram = await new FakeTelegram().start();
  bridge = await TestBridge.start({ telegram, publicUrl: 'https://restyle.example' });
});
afterAll(async () => {
  await bridge.stop();
  await telegram.stop();
});

const someone = (language?: string) => telegram.person(++id, language);
const hears = async (person: FakePerson, start: string) =>
  until(start, () => person.chat.texts.some((text) => text.startsWith(start)));
const answered = async (pressId: string) =>
  until('an answer', () => {
    const text = telegram.answerTo(pressId);
    return text === undefined ? null : { text };
  });

describe('odd things', () => {
  it.each([
    ['a sticker', { sticker: { file_id: 's', emoji: '🙂' } }, 'Send a photo to begin'],
    ['a video', { video: { file_id: 'v', duration: 3 } }, 'Send a photo to begin'],
    ['a voice message', { voice: { file_id: 'v', duration: 3 } }, 'Send a photo to begin'],
    ['text', { text: 'hello' }, 'Send a photo to begin'],
    ['a place', { location: { latitude: 1, longitude: 2 } }, 'Send a photo to begin'],
    ['a GIF', { animation: {}, document: { file_id: 'g', mime_type: 'video/mp4' } }, 'I read JPEG'],
    ['a HEIC', { document: { file_id: 'h', mime_type: 'image/heic' } }, 'I read JPEG'],
    ['a file without a type', { document: { file_id: 'h' } }, 'I read JPEG'],
    [
      'a file of 21 MB',
      { document: { file_id: 'b', mime_type: 'image/png', file_size: 21 * 1024 * 1024 } },
      'Telegram lets me fetch',
    ],
  ])('%s has a kind answer', async (_what, content, answer) => {
    const person = someone();
    person.send(content);
    await hears(person, answer);
    expect(person.chat.texts).toHaveLength(1);
  });

  it.each([
    ['a pinned message', { pinned_message: { message_id: 1 } }],
    ['a new title', { new_chat_title: 'x' }],
    ['a photo without sizes', { photo: [] }],
    ['a broken message', { photo: 'no' }],
  ])('%s is ignored on purpose', async (_what, content) => {
    const person = someone();
    person.send(content);
    await bridge.settled();
    expect(person.chat.texts).toEqual([]);
  });

  it('an edited message changes nothing', async () => {
    const person = someone();
    const chat = { id: person.id, type: 'private' };
    const from = { id: person.id, is_bot: false };
    telegram.updates.push({ edited_message: { message_id: 1, chat, from, text: '/new' } });
    await bridge.settled();
    expect(person.chat.texts).toEqual([]);
  });

  it('a group is sent to the private chat, and only when it asks', async () => {
    const group = telegram.chat(-1000);
    const say = (text: string) =>
      telegram.updates.push({
        message: {
          message_id: 1,
          chat: { id: -1000, type: 'supergroup' },
          from: { id: 5, is_bot: false },
          text,
        },
      });
    say('hello everybody');
    say('/start@another_bot');
    say(`/start@${telegram.botName}`);
    await until('the refusal', () => group.texts.length > 0);
    await bridge.settled();
    expect(group.texts).toEqual(['I work in private chats only: write to me directly.']);
  });

  it('the same update twice counts once', async () => {
    const person = someone();
    const { update } = person.say('/start');
    await hears(person, 'Send me a photo');
    telegram.updates.repeat(update);
    telegram.updates.repeat(update);
    await bridge.settled();
    expect(person.chat.texts).toHaveLength(1);
  });

  it('two photos at once are a photo and a style', async () => {
    const person = someone();
    person.photo(png());
    person.photo(png());
    await hears(person, 'Photo: received. Styles: 1 of 5.');
    await bridge.settled();
    expect(person.chat.fromBot).toHaveLength(1);
  });

  it('a button of an old card is answered and the card redrawn', async () => {
    const person = someone();
    const { card } = await bridge.draft(person);
    const { pressId } = person.pressData('go', card.id - 1);
    expect((await answered(pressId)).text).toBe('These buttons are out of date.');
    await bridge.settled();
    expect(person.chat.card?.id).toBe(card.id);
  });

  it('a press counts though the id of its card is still on the way', async () => {
    const person = someone();
    person.photo(png());
    person.photo(png());
    const card = await until('card', () => person.chat.card);
    // Telegram has shown the card, and the bot has not heard of it yet.
    telegram.faults.add({ kind: 'hang', when: 'after', method: 'sendMessage' });
    person.photo(png());
    const next = await until('next card', () => {
      const last = person.chat.card;
      return last !== undefined && last.id > card.id ? last : null;
    });
    const { pressId } = person.pressData('s:done', next.id);
    expect((await answered(pressId)).text).toBeNull();
    await until('choices', () => person.chat.card?.text.startsWith('One photo'));
  });

  it('go pressed twice makes one job', async () => {
    const person = someone();
    const { card } = await bridge.draft(person);
    const presses = [person.press('go', card), person.pressData('go', card.id)];
    for (const { pressId } of presses) await answered(pressId);
    await bridge.settled();
    const links = person.chat.fromBot.filter((message) =>
      message.keyboard.flat().some((button) => button.url !== undefined),
    );
    expect(links).toHaveLength(1);
  });

  it('a deleted card comes back with the next press that needs it', async () => {
    const person = someone();
    const { card } = await bridge.draft(person);
    person.chat.remove(card.id);
    person.pressData('m:r', card.id);
    const again = await until('a card', () => person.chat.card);
    expect(again.keyboard.flat().map((button) => button.text)).toContain('• ResNet50');
  });
});

describe('albums', () => {
  it('the first is the photo, the others are styles, one card answers them all', async () => {
    const person = someone();
    for (let i = 0; i < 4; i++) person.photo(png(20, 20, { seed: i }), { album: `a${person.id}` });
    await hears(person, 'Photo: received. Styles: 3 of 5.');
    expect(person.chat.texts).toHaveLength(1);
  });

  it('of ten: the first five styles stay', async () => {
    const person = someone();
    for (let i = 0; i < 10; i++)
      person.document(png(20, 20), 'image/png', { album: `b${person.id}` });
    await hears(person, 'Photo: received. Styles: 5 of 5.');
    expect(person.chat.texts).toContain('Five styles are the most; the first 5 stay.');
  });

  it('of one is a photo', async () => {
    const person = someone();
    person.photo(png(), { album: `c${person.id}` });
    await hears(person, 'Photo received.');
  });
});

describe('the job card', () => {
  it('has the link for the browser and for Telegram, and follows the job', async () => {
    const person = someone();
    const { page, card } = await bridge.job(person);
    const buttons = card.keyboard.flat();
    expect(buttons[0]?.url).toMatch(/^https:\/\/restyle\.example\/#j=[\w-]{12}\.[\w-]{43}$/);
    expect(buttons[1]?.web_app?.url).toBe(buttons[0]?.url);
    const text = () => person.chat.find(card.id)?.text ?? '';
    await page.claim();
    await until('claimed', () => text().startsWith('Opened'));
    await page.progress({ percent: 5, eta: 300 });
    await until('running', () => text() === 'Painting on your device: 5 %, about 5 min left');
    const { edits } = person.chat.find(card.id)!;
    for (let percent = 6; percent < 60; percent++) await page.progress({ percent });
    await bridge.settled();
    expect(person.chat.find(card.id)!.edits).toBe(edits);
    await page.fail('no_gpu');
    await until('failed', () => text().startsWith('That browser gives no access'));
    await page.claim();
    await until('claimed again', () => text().startsWith('Opened'));
    person.press('Cancel', person.chat.find(card.id));
    await until('cancelled', () => text() === 'Cancelled.');
    expect((await page.claim()).status).toBe(410);
    expect((await page.upload(png())).status).toBe(410);
  });

  it('is cancelled by word when no draft is open, and by the page', async () => {
    const person = someone();
    const first = await bridge.job(person);
    const second = await bridge.job(person);
    expect((await second.page.cancel()).status).toBe(204);
    expect((await second.page.cancel()).status).toBe(204);
    await until('by the page', () => person.chat.find(second.card.id)?.text === 'Cancelled.');
    person.say('/cancel');
    await until('by word', () => person.chat.find(first.card.id)?.text === 'Cancelled.');
    expect((await first.page.view()).state).toBe('cancelled');
  });

  it('is refused as a fourth', async () => {
    const person = someone();
    for (let i = 0; i < 3; i++) await bridge.job(person);
    const { card } = await bridge.draft(person);
    const { pressId } = person.press('go', card);
    expect((await answered(pressId)).text).toMatch(/^Three pictures/);
  });
});

describe('words', () => {
  it('speaks Russian to Russians, and what was chosen to everybody', async () => {
    const ivan = someone('ru');
    ivan.say('/start');
    await hears(ivan, 'Пришлите фото, затем');
    ivan.say('/lang');
    await hears(ivan, 'Какой язык?');
    ivan.press('English');
    await hears(ivan, 'I speak English now.');
    ivan.say('/help');
    await hears(ivan, 'Send a photo, then the styles.');
  });

  it('/privacy names the days', async () => {
    const person = someone();
    person.say('/privacy');
    await hears(person, 'Your device does the painting.');
    expect(person.chat.texts[0]).toContain('after 30 days');
  });

  it('/forget deletes everything, and the links with it', async () => {
    const person = someone();
    const { page } = await bridge.job(person);
    person.say('/forget');
    await hears(person, 'Delete everything I keep');
    person.press('Delete everything');
    await hears(person, 'Done: nothing of yours');
    expect((await page.fetch('/api/v1/job')).status).toBe(404);
  });

  it('a block ends open jobs; coming back begins anew', async () => {
    const person = someone();
    const { page } = await bridge.job(person);
    person.block();
    await until('revoked', async () => (await page.view()).state === 'cancelled');
    person.unblock();
    person.photo(png());
    await hears(person, 'Photo received.');
  });
});

describe('on this very machine', () => {
  it('the link is text, because Telegram takes no such button', async () => {
    const other = await new FakeTelegram().start();
    const local = await TestBridge.start({ telegram: other, publicUrl: 'http://localhost:8080' });
    const person = other.person(1);
    const { card, page } = await local.job(person);
    expect(card.text).toMatch(/http:\/\/localhost:8080\/#j=/);
    expect((await page.claim()).status).toBe(200);
    await until('claimed', () => person.chat.texts.some((text) => text.startsWith('Opened')));
    expect(person.chat.find(card.id)?.text).toMatch(/#j=/);
    await local.stop();
    await other.stop();
  });
});
