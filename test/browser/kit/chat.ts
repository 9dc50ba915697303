import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { FakePerson } from '../../bridge/fake/person.ts';
import { FakeTelegram } from '../../bridge/fake/telegram.ts';
import { TestBridge, type Order } from '../../bridge/kit/bridge.ts';
import type { PageClient } from '../../bridge/kit/page.ts';
import { launch, PATIENCE } from './chromium.ts';
import { buildPage } from './site.ts';

/** A run that takes a second or two. */
const QUERY = '?size=64&steps=6';
const SAMPLES = new URL('../../../public/samples/', import.meta.url).pathname;

/** A picture as people send them: the real thing, only small. */
const sample = (name: string): Promise<Buffer> =>
  sharp(join(SAMPLES, name)).resize(160).jpeg().toBuffer();

/** Telegram with people in it, the bridge with the built page, and a browser. */
export class Chat {
  readonly browser: Browser;
  readonly folder: string;
  telegram = new FakeTelegram();
  bridge!: TestBridge;
  /** Every address that was asked for. */
  requests: { readonly url: string; readonly referer: string | undefined }[] = [];
  complaints: string[] = [];
  #dataDir = '';
  #contexts: BrowserContext[] = [];
  /** Added to the clock of the bridge. */
  #later = 0;

  constructor(browser: Browser, folder: string) {
    this.browser = browser;
    this.folder = folder;
  }

  async open(): Promise<void> {
    this.telegram = await new FakeTelegram().start();
    this.#dataDir = await mkdtemp(join(tmpdir(), 'restyle-job-'));
    this.requests = [];
    this.complaints = [];
    this.#later = 0;
    await this.raise();
  }

  async close(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    await this.bridge.stop();
    await this.telegram.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  /** The bridge again, at the same address and with what it knew. */
  async raise(port = 0): Promise<void> {
    this.bridge = await TestBridge.start({
      telegram: this.telegram,
      dataDir: this.#dataDir,
      page: this.folder,
      port,
      now: () => Date.now() + this.#later,
    });
  }

  passTime(ms: number): void {
    this.#later += ms;
  }

  get port(): number {
    return Number(new URL(this.bridge.url).port);
  }

  /** A photo and a style, up to the link. */
  async job(person: FakePerson, order: Order = {}): Promise<{ photo: number; page: PageClient }> {
    const photo = order.photo ?? (await sample('lake.jpg'));
    const styles = order.styles ?? [await sample('waves.jpg')];
    return await this.bridge.job(person, { ...order, photo, styles });
  }

  /** A browser of its own, with nothing in it. */
  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ locale: 'en-US', ...options });
    context.setDefaultTimeout(PATIENCE);
    this.#contexts.push(context);
    context.on('request', (request) => {
      this.requests.push({ url: request.url(), referer: request.headers()['referer'] });
    });
    return context;
  }

  address(key: string, query = QUERY, more = ''): string {
    return `${this.bridge.url}/${query}#j=${key}${more}`;
  }

  /** Opens a job's link; waits for nothing. */
  async visit(
    key: string,
    { context, query, more }: { context?: BrowserContext; query?: string; more?: string } = {},
  ): Promise<Page> {
    const page = await (context ?? (await this.context())).newPage();
    page.on('console', (message) => this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    await page.goto(this.address(key, query, more));
    return page;
  }
}

/** For the tests of a file: one page and one browser, and for each test a Telegram and a bridge of its own. */
export function useChat(options: { minify?: boolean } = {}): { readonly chat: Chat } {
  const stage: { chat?: Chat } = {};
  beforeAll(async () => {
    stage.chat = new Chat(await launch(), await buildPage(options));
  });
  beforeEach(() => stage.chat!.open());
  afterEach(() => stage.chat!.close());
  afterAll(async () => {
    await stage.chat?.browser.close();
  });
  return stage as { chat: Chat };
}

/** The card of the job says so. */
export const isReady = (page: Page) => page.locator('.job-panel').waitFor();

export const screenOf = (page: Page, kind: string) =>
  page.locator(`[data-job="${kind}"]`).waitFor();

export const deliveryIs = (page: Page, now: string) =>
  page.locator(`[data-delivery="${now}"]`).waitFor();
