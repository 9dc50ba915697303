import { Telegraf } from 'telegraf';
import * as v from 'valibot';
import { TelegramRefused, TelegramUnreachable } from '../errors.ts';
import { isUnchanged, sortFault } from './faults.ts';
import { openTelegramFile } from './files.ts';
import { sendingTime } from '../chat/port.ts';
import type {
  Button,
  ChatPort,
  IncomingFile,
  Keyboard,
  OutgoingPicture,
  OutgoingText,
} from '../chat/port.ts';

export interface TelegrafOptions {
  readonly botToken: string;
  readonly apiRoot: string;
  readonly apiFiles: string | null;
  /** How long one call may take, beside what a picture in it needs on a poor line. */
  readonly callTimeout: number;
}

const Me = v.object({
  id: v.number(),
  is_bot: v.literal(true),
  username: v.string(),
  first_name: v.string(),
});
const Message = v.object({ message_id: v.number() });
const File = v.object({ file_path: v.string(), file_size: v.optional(v.number()) });
const PictureMessage = v.object({
  document: v.optional(v.object({ file_id: v.string() })),
  photo: v.optional(v.array(v.object({ file_id: v.string() }))),
});

/** ChatPort on Telegraf 4.16. Its client has no time limit, no retries and types of Bot API 7.1: calls go by name. */
export class TelegrafPort implements ChatPort {
  readonly bot: Telegraf;
  readonly #options: TelegrafOptions;
  readonly #quit = new AbortController();
  readonly #quitPolling = new AbortController();
  #me: Promise<v.InferOutput<typeof Me>> | null = null;

  constructor(options: TelegrafOptions) {
    this.#options = options;
    this.bot = new Telegraf(options.botToken, {
      handlerTimeout: Infinity,
      // The slash keeps a path in the address when Telegraf resolves against it.
      telegram: { apiRoot: `${options.apiRoot}/`, webhookReply: false },
    });
  }

  /** Break off calls on their way: the process is about to end. */
  abort(): void {
    this.#quit.abort();
  }

  /** Break off the call that waits for updates; the others may finish. */
  abortPolling(): void {
    this.#quitPolling.abort();
  }

  /**
   * Who the bot is, asked once; returns its name. Telegraf would ask by itself at the first update, and keep a failure
   * for ever: it is told instead. Throws the errors of errors.ts, and asks again next time.
   */
  async identify(): Promise<string> {
    this.#me ??= this.call('getMe', {}, Me).catch((error: unknown) => {
      this.#me = null;
      throw error;
    });
    const me = await this.#me;
    this.bot.botInfo ??= {
      can_join_groups: false,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      ...me,
    };
    return me.username;
  }

  /** Any method, checked by a schema; throws the errors of errors.ts. */
  async call<T>(
    method: string,
    payload: object,
    result: v.GenericSchema<unknown, T>,
    timeout = this.#options.callTimeout,
  ): Promise<T> {
    const quit = method === 'getUpdates' ? this.#quitPolling.signal : this.#quit.signal;
    const signal = AbortSignal.any([quit, AbortSignal.timeout(timeout)]);
    const call = this.bot.telegram.callApi.bind(this.bot.telegram) as unknown as (
      method: string,
      payload: object,
      options: { signal: AbortSignal },
    ) => Promise<unknown>;
    let answer: unknown;
    try {
      answer = await call(method, payload, { signal });
    } catch (error) {
      if (isUnchanged(error)) throw new Unchanged();
      throw sortFault(method, error);
    }
    const checked = v.safeParse(result, answer);
    if (!checked.success) throw new TelegramUnreachable(method, 'unreadable answer');
    return checked.output;
  }

  async sendText(chatId: number, message: OutgoingText): Promise<number> {
    const sent = await this.call(
      'sendMessage',
      {
        chat_id: chatId,
        ...textPayload(message),
        ...(message.replyTo === undefined
          ? {}
          : {
              reply_parameters: { message_id: message.replyTo, allow_sending_without_reply: true },
            }),
      },
      Message,
    );
    return sent.message_id;
  }

  async editText(chatId: number, messageId: number, message: OutgoingText): Promise<void> {
    const payload = { chat_id: chatId, message_id: messageId, ...textPayload(message) };
    await this.call('editMessageText', payload, v.unknown()).catch(passUnchanged);
  }

  async putPicture(
    chatId: number,
    messageId: number,
    picture: OutgoingPicture,
  ): Promise<{ fileId: string }> {
    const answer = await this.call(
      'editMessageMedia',
      {
        chat_id: chatId,
        message_id: messageId,
        media: {
          type: picture.as,
          media: { source: picture.bytes, filename: picture.fileName },
          caption: picture.caption,
        },
        ...markup(picture.keyboard),
      },
      PictureMessage,
      this.#options.callTimeout + sendingTime(picture.bytes.length),
    ).catch(passUnchanged);
    const fileId = answer?.document?.file_id ?? answer?.photo?.at(-1)?.file_id ?? '';
    return { fileId };
  }

  async deleteMessage(chatId: number, messageId: number): Promise<void> {
    await this.call('deleteMessage', { chat_id: chatId, message_id: messageId }, v.unknown());
  }

  async answerPress(pressId: string, text: string | null): Promise<void> {
    const payload = { callback_query_id: pressId, ...(text === null ? {} : { text }) };
    await this.call('answerCallbackQuery', payload, v.unknown());
  }

  async fetchFile(fileId: string): Promise<IncomingFile> {
    const file = await this.call('getFile', { file_id: fileId }, File);
    const opened = await openTelegramFile(file.file_path, this.#options, this.#quit.signal);
    return { stream: opened.stream, size: opened.size ?? file.file_size ?? null };
  }
}

class Unchanged extends Error {}

function passUnchanged(error: unknown): null {
  if (error instanceof Unchanged) return null;
  throw error;
}

function textPayload(message: OutgoingText): object {
  return {
    text: message.text,
    link_preview_options: { is_disabled: true },
    ...markup(message.keyboard),
  };
}

function markup(keyboard: Keyboard | undefined): object {
  if (keyboard === undefined) return {};
  return { reply_markup: { inline_keyboard: keyboard.map((row) => row.map(rawButton)) } };
}

function rawButton(button: Button): object {
  if ('data' in button) {
    if (Buffer.byteLength(button.data) > 64) throw new TelegramRefused('keyboard', 'data too long');
    return { text: button.text, callback_data: button.data };
  }
  if ('url' in button) return { text: button.text, url: button.url };
  return { text: button.text, web_app: { url: button.webApp } };
}
