import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bridge, createBridge } from '../../../bot/bridge.ts';
import type { BridgeConfig } from '../../../bot/config.ts';
import type { RateLimits } from '../../../bot/http/auth.ts';
import { createLogger } from '../../../bot/log.ts';
import type { OutboxTiming } from '../../../bot/outbox/context.ts';
import { buildServer } from '../../../bot/server.ts';
import type { FakeMessage } from '../fake/chat.ts';
import type { FakePerson } from '../fake/person.ts';
import type { FakeTelegram } from '../fake/telegram.ts';
import { PageClient } from './page.ts';
import { png } from './pictures.ts';
import { sleep, until } from './wait.ts';

/** The same protocol with shorter waits. */
export const FAST: OutboxTiming = {
  lease: 10_000,
  retry: 20,
  longest: 200,
  poll: 50,
  pictureLife: 7 * 86_400_000,
  talkLife: 86_400_000,
};

const METRICS_TOKEN = 'a-token-for-metrics';

export const OPEN_LIMITS: RateLimits = { job: 100_000, uploads: 100_000, strangers: 100_000 };

export interface TestBridgeOptions {
  readonly telegram: FakeTelegram;
  /** null: SQLite. */
  readonly databaseUrl?: string | null;
  readonly dataDir?: string;
  readonly publicUrl?: string;
  readonly timing?: Partial<OutboxTiming>;
  readonly limits?: RateLimits;
  readonly now?: () => number;
  readonly callTimeout?: number;
  readonly config?: Partial<BridgeConfig>;
  /** The folder of a built page to serve beside the API. */
  readonly page?: string;
  readonly port?: number;
}

/** What a person sends and presses, where it matters. */
export interface Order {
  readonly photo?: Buffer;
  readonly styles?: readonly Buffer[];
  /** Buttons among the choices. */
  readonly choices?: readonly string[];
}

/** A bridge as main.ts puts it together, on a port of its own. */
export class TestBridge {
  readonly telegram: FakeTelegram;
  readonly dataDir: string;
  readonly url: string;
  readonly log: string[];
  readonly bridge: Bridge;
  readonly #close: () => Promise<void>;

  private constructor(
    fields: Omit<TestBridge, 'stop' | 'settled' | 'page' | 'draft' | 'job' | 'closeServer'>,
    close: () => Promise<void>,
  ) {
    this.telegram = fields.telegram;
    this.dataDir = fields.dataDir;
    this.url = fields.url;
    this.log = fields.log;
    this.bridge = fields.bridge;
    this.#close = close;
  }

  static async start(options: TestBridgeOptions): Promise<TestBridge> {
    const { telegram } = options;
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'restyle-bridge-'));
    const log: string[] = [];
    const logger = createLogger('debug', (line) => log.push(line));
    const config: BridgeConfig = {
      botToken: telegram.token,
      publicUrl: options.publicUrl ?? 'http://restyle.example',
      apiRoot: telegram.url,
      apiFiles: null,
      dataDir,
      databaseUrl: options.databaseUrl ?? null,
      metricsToken: METRICS_TOKEN,
      retentionDays: 30,
      ...options.config,
    };
    const bridge = await createBridge({
      config,
      log: logger,
      timing: { ...FAST, ...options.timing },
      limits: options.limits ?? OPEN_LIMITS,
      ...(options.now === undefined ? {} : { now: options.now }),
      callTimeout: options.callTimeout ?? 2_000,
    });
    const app = await buildServer({ page: options.page ?? null, logger });
    await bridge.attach(app);
    await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    telegram.updates.hookOrigin = url;
    bridge.start();
    const close = async () => {
      bridge.retire();
      await app.close();
      await bridge.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    };
    return new TestBridge({ telegram, dataDir, url, log, bridge }, close);
  }

  async stop(): Promise<void> {
    await this.#close();
  }

  /** Every update so far has been taken in, and all that it led to has been brought into the chats. */
  async settled(): Promise<void> {
    await until('no updates left', () => this.telegram.updates.left === 0);
    await until('an empty outbox', async () => {
      const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
      const text = await (await fetch(`${this.url}/metrics`, { headers })).text();
      return text.includes('restyle_outbox_pending 0');
    });
  }

  /** Open the link that a card shows. */
  page(card: FakeMessage): PageClient {
    const button = card.keyboard.flat().find((one) => one.url?.includes('#j=') === true);
    const link = button?.url ?? /https?:\S+#j=\S+/.exec(card.text)?.[0];
    if (link === undefined) throw new Error('the card has no link');
    return PageClient.fromLink(this.url, link);
  }

  /** Photo and styles, up to the choices. Returns the photo's message. */
  async draft(
    person: FakePerson,
    styles: number | readonly Buffer[] = 1,
    picture = png(64, 48, { seed: person.id }),
  ): Promise<{ photo: number; card: FakeMessage }> {
    const photo = person.photo(picture);
    const manners =
      typeof styles === 'number'
        ? Array.from({ length: styles }, (_, i) => png(32, 32, { seed: i }))
        : styles;
    for (const manner of manners) person.photo(manner);
    const count = `: ${manners.length} `;
    await until('the styles card', () => person.chat.card?.text.includes(count));
    const card = await this.#insist(person, 's:done', () =>
      person.chat.card?.keyboard.flat().some((one) => one.callback_data === 'go') === true
        ? person.chat.card
        : null,
    );
    return { photo: photo.id, card };
  }

  /** From the photo to the link. */
  async job(
    person: FakePerson,
    order: Order = {},
  ): Promise<{ photo: number; page: PageClient; card: FakeMessage }> {
    const { photo } = await this.draft(person, order.styles, order.photo);
    for (const choice of order.choices ?? []) {
      await this.#insist(person, choice, () =>
        isChosen(person, choice) ? person.chat.card : null,
      );
    }
    const known = new Set(person.chat.fromBot.filter(hasLink).map((message) => message.id));
    const open = await this.#insist(person, 'go', () =>
      person.chat.fromBot.find((message) => hasLink(message) && !known.has(message.id)),
    );
    return { photo, page: this.page(open), card: open };
  }

  /** Press, and press again when told that the buttons were out of date: on a slow machine a card may come twice. */
  async #insist(
    person: FakePerson,
    button: string,
    look: () => FakeMessage | null | undefined,
  ): Promise<FakeMessage> {
    for (;;) {
      const { pressId } = person.press(button);
      const stale = () => this.telegram.answerTo(pressId)?.includes('out of date') === true;
      const found = await until(
        `what ${button} brings`,
        () => look() ?? (stale() ? 'stale' : null),
      );
      if (found !== 'stale') return found;
      await sleep(50);
    }
  }
}

function hasLink(message: FakeMessage): boolean {
  const button = message.keyboard.flat().some((one) => one.url?.includes('#j=') === true);
  return button || message.text.includes('#j=');
}

/** A choice is ticked, or its button has become the opposite one. */
function isChosen(person: FakePerson, choice: string): boolean {
  const button = person.chat.card?.keyboard.flat().find((one) => one.callback_data === choice);
  return button === undefined || button.text.startsWith('•');
}
