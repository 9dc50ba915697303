import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { until } from '../bridge/kit/wait.ts';
import { objections } from './kit/access.ts';
import { deliveryIs, isReady, screenOf, useChat } from './kit/chat.ts';
import { chooseFile, finish, reachStep } from './kit/studio.ts';

const stage = useChat();
const DAY = 86_400_000;

describe('a link that leads nowhere', () => {
  it('is explained the same for every wrong key, with the studio as a way out', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    const wrong = `${key.key.slice(0, -1)}${key.key.endsWith('A') ? 'E' : 'A'}`;
    const page = await chat.visit(wrong);
    await screenOf(page, 'not-found');
    expect(await objections(page)).toEqual([]);
    expect(page.url()).not.toContain('#');
    await page.getByRole('button', { name: 'Paint something else' }).click();
    await page.locator('.action:enabled').waitFor();
    expect((await key.view()).state).toBe('open');
  });

  it('says when its time is over, and when the chat has cancelled it', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: late } = await chat.job(anna);
    const { page: unwanted } = await chat.job(anna);
    await unwanted.cancel();
    await screenOf(await chat.visit(unwanted.key), 'cancelled');
    chat.passTime(2 * DAY);
    await screenOf(await chat.visit(late.key), 'expired');
  });

  it('asks before painting what another browser has taken, and knows what is done', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    await key.claim();
    const page = await chat.visit(key.key);
    await screenOf(page, 'elsewhere');
    await page.getByRole('button', { name: 'Paint it here' }).click();
    await isReady(page);
    await key.upload(
      await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
        .png()
        .toBuffer(),
    );
    await screenOf(await chat.visit(key.key), 'delivered');
    // This one paints what the chat has already, and is told so.
    await page.locator('.action:enabled').click();
    await deliveryIs(page, 'other');
    expect(chat.telegram.chat(7).pictures).toHaveLength(1);
  });

  it('waits for a network that is away, and goes on by itself', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    const context = await chat.context();
    await context.route('**/api/**', (route) => route.abort());
    const page = await chat.visit(key.key, { context });
    await screenOf(page, 'unreachable');
    await context.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await isReady(page);
  });
});

describe('a job under way', () => {
  it('reports to the chat, and stops when it is cancelled there', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: key } = await chat.job(anna);
    const page = await chat.visit(key.key, { query: '?size=64&steps=9000' });
    await isReady(page);
    await page.locator('.action:enabled').click();
    await until('progress', async () => (await key.view()).state === 'running');
    await reachStep(page, 5);
    anna.press('x:' + (await key.view()).id);
    await deliveryIs(page, 'cancelled');
    await finish(page);
    expect(await page.locator('.finished').getAttribute('data-end')).toBe('stopped');
    expect(anna.chat.pictures).toEqual([]);
  });

  it('tells the chat of a failure, and goes on when tried again', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: key } = await chat.job(anna);
    const context = await chat.context();
    await context.addInitScript('delete Navigator.prototype.serviceWorker');
    await context.route('**/*.onnx', (route) => route.abort());
    const page = await chat.visit(key.key, { context });
    await isReady(page);
    await page.locator('.action:enabled').click();
    await until('the failure', async () => (await key.view()).state === 'failed');
    await context.unroute('**/*.onnx');
    await page.getByRole('button', { name: 'Try again' }).click();
    await deliveryIs(page, 'delivered');
    expect(anna.chat.pictures).toHaveLength(1);
  });

  it('says when a picture cannot be read, here and in the chat', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7), {
      photo: Buffer.from('no picture'),
    });
    const page = await chat.visit(key.key);
    await screenOf(page, 'unreadable');
    await until('the failure', async () => (await key.view()).state === 'failed');
  });

  it('sends a painting that was stopped only when asked to', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: key } = await chat.job(anna);
    const page = await chat.visit(key.key, { query: '?size=64&steps=9000' });
    await isReady(page);
    await page.locator('.action:enabled').click();
    await reachStep(page, 3);
    await page.locator('[data-verb=stop]').click();
    await deliveryIs(page, 'asks');
    expect(anna.chat.pictures).toEqual([]);
    await page.getByRole('button', { name: 'Send to Telegram' }).click();
    await deliveryIs(page, 'delivered');
    expect(anna.chat.pictures).toHaveLength(1);
  });

  it('offers to save what comes too late for the chat, also after a reload', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    const page = await chat.visit(key.key);
    await isReady(page);
    const { port } = chat;
    await page.locator('.action:enabled').click();
    await reachStep(page, 1);
    await chat.bridge.stop();
    await deliveryIs(page, 'waiting');
    chat.passTime(9 * DAY);
    await chat.raise(port);
    await deliveryIs(page, 'over');
    await page.reload();
    await screenOf(page, 'expired');
    const downloading = page.waitForEvent('download');
    await page.locator('[data-verb=save-job]').click();
    const file = await readFile(await (await downloading).path());
    expect(await sharp(file).metadata()).toMatchObject({ format: 'png', width: 64 });
  });

  it('paints another photo without the chat', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: key } = await chat.job(anna);
    const page = await chat.visit(key.key);
    await isReady(page);
    const red = { create: { width: 40, height: 40, channels: 3, background: 'red' } } as const;
    await chooseFile(page, 'photo', 'red.png', await sharp(red).png().toBuffer());
    await page.getByText('its picture stays here').waitFor();
    await page.locator('.action:enabled').click();
    await finish(page);
    expect(await page.locator('[data-delivery]').count()).toBe(0);
    await page.getByRole('button', { name: 'Back to the photo from the chat' }).click();
    await page.locator('.action:enabled').click();
    await deliveryIs(page, 'delivered');
    expect(anna.chat.pictures).toHaveLength(1);

    // Each link brings one picture.
    await page.getByRole('button', { name: 'Change settings' }).click();
    await page.getByRole('radio', { name: 'ResNet', exact: true }).check();
    await page.locator('.action:enabled').click();
    await deliveryIs(page, 'extra');
    expect(anna.chat.pictures).toHaveLength(1);
  });

  it('begins in a page that is open already', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    const page = await (await chat.context()).newPage();
    await page.goto(chat.bridge.url);
    await page.locator('.action:enabled').waitFor();
    await page.evaluate(`location.hash = 'j=${key.key}'`);
    await isReady(page);
    // Sketched at once, while the person decides.
    await page.locator('canvas.sketch').waitFor({ timeout: 60_000 });
    expect(await objections(page)).toEqual([]);
    expect(page.url()).not.toContain('#');
  });

  it('is given up on the page and in the chat alike', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    const page = await chat.visit(key.key);
    await isReady(page);
    await page.getByRole('button', { name: 'Change settings' }).click();
    await page.getByRole('button', { name: 'Cancel this job' }).click();
    await page.locator('.job-panel').waitFor({ state: 'detached' });
    await until('the end', async () => (await key.view()).state === 'cancelled');
  });

  it('speaks the language of the chat until told otherwise', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    const context = await chat.context({ locale: 'ru-RU' });
    const page = await chat.visit(key.key, { context });
    await isReady(page);
    expect(await page.locator('.action').innerText()).toBe('Repaint');
    await page.getByRole('button', { name: 'Русский' }).click();
    await page.reload();
    await isReady(page);
    expect(await page.locator('.action').innerText()).toBe('Перерисовать');
  });
});

describe('inside Telegram', () => {
  /** Launch data as Telegram signs it. */
  function launchData(token: string, user: number): string {
    const fields = {
      auth_date: String(Math.floor(Date.now() / 1000)),
      user: JSON.stringify({ id: user }),
    };
    const lines = Object.entries(fields)
      .map(([name, value]) => `${name}=${value}`)
      .sort();
    const secret = createHmac('sha256', 'WebAppData').update(token).digest();
    const hash = createHmac('sha256', secret).update(lines.join('\n')).digest('hex');
    return `&tgWebAppData=${encodeURIComponent(new URLSearchParams({ ...fields, hash }).toString())}&tgWebAppVersion=8.0`;
  }

  it('proves who the person is, and shows the way to a browser with a GPU', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    const context = await chat.context();
    await context.addInitScript(`
      window.posted = [];
      window.TelegramWebviewProxy = { postEvent: (type, data) => posted.push([type, JSON.parse(data)]) };
    `);
    const more = launchData(chat.telegram.token, 7);
    const page = await chat.visit(key.key, { context, more });
    await isReady(page);
    expect(page.url()).not.toContain('#');
    expect((await key.view()).state).toBe('claimed');
    await page.getByRole('button', { name: 'Open in the browser' }).click();
    const posted = await page.evaluate<[string, unknown][]>('posted');
    expect(posted.map(([type]) => type)).toEqual([
      'web_app_ready',
      'web_app_expand',
      'web_app_setup_swipe_behavior',
      'web_app_open_link',
    ]);
    const url = `${chat.bridge.url}/#j=${key.key}`;
    expect(posted.at(-1)![1]).toEqual({ url, try_browser: 'chrome' });
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await page.getByText('Copied.').waitFor();
  });

  it('turns away whom the link was not made for', async () => {
    const { chat } = stage;
    const { page: key } = await chat.job(chat.telegram.person(7));
    const page = await chat.visit(key.key, { more: launchData(chat.telegram.token, 8) });
    await screenOf(page, 'not-yours');
    expect((await key.view()).state).toBe('open');
  });
});
