import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeTelegram } from './fake/telegram.ts';
import { TestBridge } from './kit/bridge.ts';
import { png } from './kit/pictures.ts';
import { until } from './kit/wait.ts';

let telegram: FakeTelegram;
let bridge: TestBridge;

beforeEach(async () => {
  telegram = await new FakeTelegram().start();
});
afterEach(async () => {
  await bridge.stop();
  await telegram.stop();
});

describe.each([
  ['polling', 'http://restyle.example'],
  ['webhook', 'https://restyle.example'],
])('from the photo to the picture, by %s', (_way, publicUrl) => {
  it('brings the picture into the chat, as a reply to the photo', async () => {
    bridge = await TestBridge.start({ telegram, publicUrl });
    const anna = telegram.person(7);
    const { photo, page } = await bridge.job(anna);
    const claimed = await page.claim();
    expect(claimed.status).toBe(200);
    const view = await page.view();
    expect(view.inputs.map((input) => input.role)).toEqual(['content', 'style']);
    const input = await page.input(0);
    expect(Buffer.from(await input.arrayBuffer())).toEqual(png(64, 48, { seed: 7 }));
    expect((await page.progress({ percent: 40 })).status).toBe(204);
    const result = png(200, 100, { seed: 5, bytes: 50_000 });
    expect((await page.upload(result)).status).toBe(202);
    const picture = await until('the picture', () => anna.chat.pictures[0]);
    expect(picture.kind).toBe('document');
    expect(picture.replyTo).toBe(photo);
    expect(telegram.file(picture.fileId!)!.bytes).toEqual(result);
    await until('the card', () => anna.chat.texts.includes('Done: the picture is below.'));
    expect(anna.chat.pictures).toHaveLength(1);
    expect(anna.chat.texts).toEqual(['Done: the picture is below.']);
    expect((await page.upload(result)).status).toBe(200);
    expect((await page.upload(png(9, 9))).status).toBe(409);
  });
});
