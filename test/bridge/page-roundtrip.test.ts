import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { deliveryIs, isReady, screenOf, useChat } from '../browser/kit/chat.ts';
import { finish, reachStep } from '../browser/kit/studio.ts';
import { until } from './kit/wait.ts';

const stage = useChat();

/** How much the browser keeps of a kind. */
const keptIn = (page: Page, store: 'jobs' | 'checkpoints'): Promise<number> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('restyle');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const count = opening.result.transaction('${store}').objectStore('${store}').count();
      count.onsuccess = () => {
        opening.result.close();
        resolve(count.result);
      };
    };
  })`);

const offlineReady = (page: Page) =>
  page.locator('[data-offline=ready]').waitFor({ state: 'attached' });

describe('from the chat to the page and back', () => {
  it('brings the picture into the chat, once, and leaves no trace of the secret', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { photo, page: key } = await chat.job(anna);
    const page = await chat.visit(key.key);
    await isReady(page);
    expect(page.url()).toBe(`${chat.bridge.url}/?size=64&steps=6`);
    expect(await page.locator('.job-pictures img').count()).toBe(2);
    expect((await key.view()).state).toBe('claimed');

    await page.locator('.action:enabled').click();
    await deliveryIs(page, 'delivered');
    const picture = anna.chat.pictures[0]!;
    expect([picture.kind, picture.replyTo]).toEqual(['document', photo]);
    const { bytes } = chat.telegram.file(picture.fileId!)!;
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 64, height: 48 });
    await until('the card', () => anna.chat.texts.includes('Done: the picture is below.'));
    expect(anna.chat.pictures).toHaveLength(1);
    expect(await keptIn(page, 'jobs')).toBe(0);

    const [, cap] = key.key.split('.') as [string, string];
    const traces = [
      JSON.stringify(chat.requests),
      chat.complaints.join(),
      chat.bridge.log.join(),
      await page.content(),
      await page.evaluate<string>(
        'JSON.stringify([localStorage, sessionStorage, history.state, document.referrer, document.title])',
      ),
    ];
    expect(traces.filter((trace) => trace.includes(cap))).toEqual([]);
    expect(chat.requests.filter(({ referer }) => referer)).toEqual([]);
    await page.goBack();
    expect(page.url()).toBe('about:blank');
    expect(chat.complaints).toEqual([]);
  });

  it('survives a network that is away from claim to end, and a reload in between', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { photo, page: key } = await chat.job(anna);
    const context = await chat.context();
    const page = await chat.visit(key.key, { context });
    await isReady(page);
    await offlineReady(page);

    await context.setOffline(true);
    await page.reload();
    await isReady(page);
    await page.locator('.action:enabled').click();
    await finish(page);
    await deliveryIs(page, 'waiting');
    await page.reload();
    await deliveryIs(page, 'waiting');
    expect(anna.chat.pictures).toEqual([]);

    await context.setOffline(false);
    await deliveryIs(page, 'delivered');
    expect(anna.chat.pictures.map(({ replyTo }) => replyTo)).toEqual([photo]);
    expect(await keptIn(page, 'jobs')).toBe(0);
  });

  it('goes on after a reload in the middle of painting, by itself', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: key } = await chat.job(anna);
    const page = await chat.visit(key.key, { query: '?size=64&steps=120' });
    await isReady(page);
    await page.locator('.action:enabled').click();
    await reachStep(page, 20);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => keptIn(page, 'checkpoints')).toBe(1);
    await page.reload();
    await finish(page);
    expect(await page.locator('.figures').innerText()).toContain('120 steps');
    await deliveryIs(page, 'delivered');
    expect(anna.chat.pictures).toHaveLength(1);
  });

  it('holds the picture while the bridge is down', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: key } = await chat.job(anna, { choices: ['m:b', 'd:p'] });
    const page = await chat.visit(key.key);
    await isReady(page);
    await expect
      .poll(() => page.locator('.job-panel').innerText())
      .toContain('VGG19 lite + ResNet50 lite');
    await offlineReady(page);
    const { port } = chat;
    await chat.bridge.stop();
    await page.locator('.action:enabled').click();
    await deliveryIs(page, 'waiting');
    await chat.raise(port);
    // By the clock alone: no network came or went.
    await deliveryIs(page, 'delivered');
    expect(anna.chat.pictures).toHaveLength(1);
    const [picture] = anna.chat.pictures;
    expect(picture!.kind).toBe('photo');
    const { bytes } = chat.telegram.file(picture!.fileId!)!;
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 128, height: 48 });
  });

  it('works in one tab at a time, and brings one picture from two', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: key } = await chat.job(anna);
    const context = await chat.context();
    const first = await chat.visit(key.key, { context });
    await isReady(first);
    const second = await chat.visit(key.key, { context });
    await screenOf(second, 'other-tab');
    await second.getByRole('button', { name: 'Bring it here' }).click();
    await isReady(second);
    await screenOf(first, 'other-tab');
    await second.locator('.action:enabled').click();
    await deliveryIs(second, 'delivered');
    await first.getByRole('button', { name: 'Bring it here' }).click();
    await screenOf(first, 'delivered');
    expect(anna.chat.pictures).toHaveLength(1);
  });

  it('is brought out by the browser when the tab is gone before the network is back', async () => {
    const { chat } = stage;
    const anna = chat.telegram.person(7);
    const { page: key } = await chat.job(anna);
    const context = await chat.context();
    const page = await chat.visit(key.key, { context });
    await isReady(page);
    await offlineReady(page);
    const { port } = chat;
    await chat.bridge.stop();
    await page.locator('.action:enabled').click();
    await deliveryIs(page, 'waiting');
    const tags = `navigator.serviceWorker.ready.then((worker) => worker.sync.getTags())`;
    await expect.poll(() => page.evaluate(tags)).toEqual(['restyle-results']);

    const browser = await context.newCDPSession(await context.newPage());
    const registered = new Promise<string>((resolve) => {
      browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const ours = registrations.find(({ scopeURL }) => scopeURL.startsWith(chat.bridge.url));
        if (ours) resolve(ours.registrationId);
      });
    });
    await browser.send('ServiceWorker.enable');
    const registrationId = await registered;
    await page.close();
    await chat.raise(port);
    await browser.send('ServiceWorker.dispatchSyncEvent', {
      origin: chat.bridge.url,
      registrationId,
      tag: 'restyle-results',
      lastChance: false,
    });
    await until('the picture', () => anna.chat.pictures[0]);
  });
});
