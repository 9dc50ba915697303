import { TelegramError } from 'telegraf';
import {
  ChatBlocked,
  MessageGone,
  TelegramMisconfigured,
  TelegramRefused,
  TelegramSlowDown,
  TelegramUnreachable,
} from '../errors.ts';

const BLOCKED =
  /bot was (blocked|kicked)|user is deactivated|chat not found|can't initiate conversation|not enough rights|have no rights/i;
const GONE =
  /message to (edit|delete|be replied|reply) (to )?(was )?not found|message can't be (edited|deleted)|MESSAGE_ID_INVALID/i;

/** Telegram's answer that an edit changed nothing: it already is as it should be. */
export function isUnchanged(error: unknown): boolean {
  return error instanceof TelegramError && /message is not modified/i.test(error.description);
}

/** Sort what a call threw into our kinds. The texts of other libraries go no further: they may hold the token. */
export function sortFault(method: string, error: unknown): Error {
  if (!(error instanceof TelegramError)) return new TelegramUnreachable(method, networkWord(error));
  const { description, parameters } = error;
  // Telegraf takes any JSON without `ok` for a refusal; one without a code is not Telegram's.
  const code: unknown = error.code;
  if (typeof code !== 'number') return new TelegramUnreachable(method, 'unreadable answer');
  if (code === 429) return new TelegramSlowDown(parameters?.retry_after ?? 5);
  if (code >= 500) return new TelegramUnreachable(method, `status ${code}`);
  if (code === 401 || code === 404) return new TelegramMisconfigured(code);
  if (BLOCKED.test(description)) return new ChatBlocked(description);
  if (GONE.test(description)) return new MessageGone(method);
  return new TelegramRefused(method, description);
}

function networkWord(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, type } = error as { code?: unknown; type?: unknown };
  return [code, type, error.name].find((word) => typeof word === 'string') ?? 'unknown';
}
