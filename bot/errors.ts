import { basename } from 'node:path';

/** A setting in the environment that cannot be used. The message is the whole line an operator sees. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(variable: string, advice: string) {
    super(`${variable}: ${advice}`);
  }
}

/** The page has not been built, so there is nothing to serve. */
export class PageMissingError extends Error {
  override readonly name = 'PageMissingError';
  constructor(folder: string) {
    super(`${basename(folder)}/index.html is missing: build the page first with "npm run build"`);
  }
}

/** Telegram asks to wait. */
export class TelegramSlowDown extends Error {
  override readonly name = 'TelegramSlowDown';
  readonly seconds: number;
  constructor(seconds: number) {
    super(`Telegram asks to wait ${seconds} s`);
    this.seconds = seconds;
  }
}

/** No answer, or none that can be read: the call may or may not have had its effect. */
export class TelegramUnreachable extends Error {
  override readonly name = 'TelegramUnreachable';
  constructor(method: string, why: string) {
    super(`no answer from Telegram to ${method} (${why}): it will be tried again`);
  }
}

/** The person stopped the bot, or the chat is gone. */
export class ChatBlocked extends Error {
  override readonly name = 'ChatBlocked';
  constructor(description: string) {
    super(`the chat cannot be written to: ${description}`);
  }
}

/** The message that was to be changed is not there any more. */
export class MessageGone extends Error {
  override readonly name = 'MessageGone';
  constructor(method: string) {
    super(`${method}: the message was deleted`);
  }
}

/** Telegram will never do this, however often it is asked. */
export class TelegramRefused extends Error {
  override readonly name = 'TelegramRefused';
  constructor(method: string, description: string) {
    super(`Telegram refuses ${method}: ${description}`);
  }
}

/** Token or address of the Bot API are wrong: the operator can put it right, and nothing is lost meanwhile. */
export class TelegramMisconfigured extends Error {
  override readonly name = 'TelegramMisconfigured';
  constructor(code: number) {
    super(`the Bot API answers ${code}: check BOT_TOKEN and BOT_API_ROOT`);
  }
}

/** Telegram has no such file any more, or it is larger than a bot may fetch. */
export class FileUnavailable extends Error {
  override readonly name = 'FileUnavailable';
  constructor(why: string) {
    super(`the file cannot be fetched: ${why}; the picture has to be sent again`);
  }
}

/** An answer of the job API that is not a success. `advice` is for the person, `code` for the page. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  /** Seconds. */
  readonly retryAfter: number | null;
  constructor(status: number, code: string, advice: string, retryAfter: number | null = null) {
    super(advice);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
