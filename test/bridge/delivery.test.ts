import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { METHODS, allFaults } from './crash/schedule.ts';
import { FakeTelegram } from './fake/telegram.ts';
import { TestBridge } from './kit/bridge.ts';
import { describeEngines } from './kit/engines.ts';
import { png } from './kit/pictures.ts';
import { until } from './kit/wait.ts';

const HOLDER = 'Your picture is ready, bringing it …';
const DONE = 'Done: the picture is below.';
const RESULT = png(40, 30, { bytes: 2_000 });

describeEngines('delivery', (newPlace) => {
  let telegram: FakeTelegram;
  let bridge: TestBridge;
  let id = 1000;

  beforeAll(async () => {
    telegram = await new FakeTelegram().start();
    const { dataDir, databaseUrl } = await newPlace();
    bridge = await TestBridge.start({ telegram, dataDir, databaseUrl, callTimeout: 1_000 });
  });
  afterEach(() => telegram.faults.clear());
  afterAll(async () => {
    await bridge.stop();
    await telegram.stop();
  });

  /** A person whose page is about to upload. */
  const painted = async (settings?: string) => {
    const person = telegram.person(++id);
    if (settings !== undefined) {
      person.say('/settings');
      await until('settings', () => person.chat.card);
      person.press(settings);
      await until('choice', () =>
        person.chat.card?.keyboard.flat().some((b) => b.text.startsWith('• As a photo')),
      );
      person.press('o:close');
      await until('closed', () => person.chat.card === undefined);
    }
    const { page, photo } = await bridge.job(person);
    await page.claim();
    await until('claimed card', () => person.chat.texts.some((text) => text.startsWith('Opened')));
    return { person, page, photo };
  };
  const done = (person: ReturnType<FakeTelegram['person']>) =>
    until('the end', () => person.chat.texts.includes(DONE));
  const strays = (person: ReturnType<FakeTelegram['person']>) =>
    person.chat.texts.filter((text) => text === HOLDER).length;

  it.each(METHODS.flatMap(allFaults).map((fault) => [JSON.stringify(fault), fault] as const))(
    'shows one picture after %s',
    async (_name, fault) => {
      const { person, page } = await painted();
      telegram.faults.add(fault);
      expect((await page.upload(RESULT)).status).toBe(202);
      await done(person);
      expect(telegram.faults.waiting).toEqual([]);
      expect(person.chat.pictures).toHaveLength(1);
      const lost = fault.method === 'sendMessage' && 'when' in fault && fault.when === 'after';
      expect(strays(person)).toBe(lost ? 1 : 0);
    },
  );

  it('waits as long as Telegram asks', async () => {
    const { person, page } = await painted();
    telegram.faults.add({ kind: 'slow down', seconds: 1, method: 'editMessageMedia' });
    const began = Date.now();
    await page.upload(RESULT);
    await done(person);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
    expect(person.chat.pictures).toHaveLength(1);
  });

  it('brings everything after Telegram was away for a while', async () => {
    const three = await Promise.all([painted(), painted(), painted()]);
    telegram.faults.down = true;
    for (const { page } of three) expect((await page.upload(RESULT)).status).toBe(202);
    await new Promise((resolve) => setTimeout(resolve, 500));
    telegram.faults.down = false;
    await Promise.all(three.map(({ person }) => done(person)));
    for (const { person } of three)
      expect([person.chat.pictures.length, strays(person)]).toEqual([1, 0]);
  });

  it('makes a new placeholder when the first was deleted, once', async () => {
    const { person, page } = await painted();
    telegram.faults.add({ kind: 'slow down', seconds: 1, method: 'editMessageMedia' });
    await page.upload(RESULT);
    const holder = await until('holder', () => person.chat.fromBot.find((m) => m.text === HOLDER));
    person.chat.remove(holder.id);
    await done(person);
    expect(person.chat.pictures).toHaveLength(1);
  });

  it('gives up on a picture Telegram refuses, and says so', async () => {
    const { person, page } = await painted();
    const chat = person.chat;
    const before = telegram.calls.length;
    // Its placeholder is deleted twice: the person does not want it.
    chat.unwelcome = true;
    await page.upload(RESULT);
    await until('the dead letter', () =>
      chat.texts.some((text) => text.startsWith('The picture could')),
    );
    expect(chat.pictures).toHaveLength(0);
    const holders = telegram.calls.slice(before).filter((method) => method === 'sendMessage');
    expect(holders).toHaveLength(2);
    expect((await page.view()).state).toBe('dead');
  });

  it('stops when the person has blocked the bot', async () => {
    const { person, page } = await painted();
    person.chat.blocked = true;
    expect((await page.upload(RESULT)).status).toBe(202);
    await until('dead', async () => (await page.view()).state === 'dead');
    expect(person.chat.pictures).toHaveLength(0);
    person.unblock();
    person.say('/start');
    await until('greeting', () => person.chat.texts.at(-1)?.startsWith('Send me a photo'));
  });

  it('sends a photo where that was chosen, and a file where it is too large for one', async () => {
    const small = await painted('As a photo');
    await small.page.upload(RESULT);
    await done(small.person);
    expect(small.person.chat.pictures[0]?.kind).toBe('photo');
    const large = await painted('As a photo');
    await large.page.upload(png(9000, 1200));
    await done(large.person);
    expect(large.person.chat.pictures[0]?.kind).toBe('document');
  });

  it('says so when the file of a photo that was asked for is gone for good', async () => {
    const { person, page } = await painted();
    await page.upload(RESULT);
    await done(person);
    telegram.faults.add({ kind: 'status', status: 404, when: 'before', method: 'download' });
    person.press('As a photo', person.chat.pictures[0]);
    await until('the word', () => person.chat.texts.includes('That picture is no longer here.'));
    await bridge.settled();
    expect(person.chat.pictures).toHaveLength(1);
  });

  it('adds a photo on request, once, and begins the same again', async () => {
    const { person, page, photo } = await painted();
    await page.upload(RESULT);
    await done(person);
    const picture = person.chat.pictures[0]!;
    person.press('As a photo', picture);
    person.press('As a photo', picture);
    await until('the photo', () => person.chat.pictures.length === 2);
    expect(person.chat.pictures.map((one) => one.kind)).toEqual(['document', 'photo']);
    person.press('Same again', picture);
    await until('the choices', () => person.chat.card?.text.startsWith('One photo, 1 style'));
    person.press('go');
    const card = await until('the link', () =>
      person.chat.card?.text.startsWith('Ready') === true ? person.chat.card : null,
    );
    const again = bridge.page(card);
    expect((await again.view()).inputs).toHaveLength(2);
    await again.claim();
    await again.upload(png(10, 10));
    await until('the second picture', () => person.chat.pictures.length === 3);
    expect(person.chat.pictures[2]?.replyTo).toBe(photo);
    expect(person.chat.pictures).toHaveLength(3);
  });
});
