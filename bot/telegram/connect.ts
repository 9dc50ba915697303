import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { backoff } from '../../shared/backoff.ts';
import { TelegramRefused } from '../errors.ts';
import type { Logger } from '../log.ts';
import { LONGEST_WAIT, Poller } from './poller.ts';
import type { TelegrafPort } from './telegraf.ts';
import { COMMANDS, type Lang } from '../chat/texts.ts';
import { ALLOWED_UPDATES } from './updates.ts';

export interface ConnectionOptions {
  readonly port: TelegrafPort;
  /** Where updates shall be sent; null: they are fetched. */
  readonly hook: { readonly url: string; readonly secret: string } | null;
  readonly handle: (update: unknown) => Promise<void>;
  readonly log: Logger;
  readonly retry: number;
}

/** The link to Telegram, made in the background: page and API serve even while Telegram is away. */
export class Connection {
  readonly #o: ConnectionOptions;
  readonly #poller: Poller;
  readonly #quit = new AbortController();
  #making: Promise<void> | null = null;
  #name: string | undefined;

  constructor(options: ConnectionOptions) {
    this.#o = options;
    this.#poller = new Poller(options);
  }

  /** The bot's name in Telegram, once known. */
  get botName(): string | undefined {
    return this.#name;
  }

  start(): void {
    this.#making ??= this.#make();
  }

  async stop(): Promise<void> {
    this.#quit.abort();
    const stopped = this.#poller.stop();
    await this.#making;
    await stopped;
  }

  async #make(): Promise<void> {
    for (let tries = 1; !this.#quit.signal.aborted; tries++) {
      try {
        await this.#introduce();
        if (this.#o.hook === null) this.#poller.start();
        return;
      } catch (error) {
        this.#o.log.warn({ err: error }, 'Telegram cannot be reached yet');
        const wait = backoff(tries, this.#o.retry, LONGEST_WAIT);
        await sleep(wait, undefined, { signal: this.#quit.signal }).catch(() => undefined);
      }
    }
  }

  async #introduce(): Promise<void> {
    const { port, hook, log } = this.#o;
    const username = await port.identify();
    this.#name = username;
    if (hook === null) {
      await port.call('deleteWebhook', { drop_pending_updates: false }, v.unknown());
    } else {
      const allowed = { allowed_updates: ALLOWED_UPDATES, max_connections: 20 };
      const payload = { url: hook.url, secret_token: hook.secret, ...allowed };
      await port.call('setWebhook', payload, v.unknown());
    }
    await this.#nameCommands().catch((error: unknown) => {
      // A menu without commands is no reason to be silent.
      if (!(error instanceof TelegramRefused)) throw error;
      log.warn({ err: error }, 'Telegram refuses the list of commands');
    });
    log.info({ bot: username, updates: hook === null ? 'polling' : 'webhook' }, 'connected');
  }

  async #nameCommands(): Promise<void> {
    const { port } = this.#o;
    for (const lang of Object.keys(COMMANDS) as Lang[]) {
      const commands = COMMANDS[lang].map(([command, description]) => ({ command, description }));
      const scope = { type: 'all_private_chats' };
      // English stands for every language that has no list of its own.
      const code = lang === 'en' ? {} : { language_code: lang };
      await port.call('setMyCommands', { commands, scope, ...code }, v.unknown());
    }
  }
}
