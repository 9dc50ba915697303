import type { Readable } from 'node:stream';

/**
 * Everything the bridge asks of a messenger. Behind it stands Telegraf; another library would be one other file.
 * Methods throw the Telegram errors of errors.ts and nothing else.
 */
export interface ChatPort {
  /** Returns the new message's id. */
  sendText(chatId: number, message: OutgoingText): Promise<number>;
  editText(chatId: number, messageId: number, message: OutgoingText): Promise<void>;
  /** Turn an existing message, text included, into a picture. Doing it twice is the same as once. */
  putPicture(
    chatId: number,
    messageId: number,
    picture: OutgoingPicture,
  ): Promise<{ fileId: string }>;
  deleteMessage(chatId: number, messageId: number): Promise<void>;
  /** A line that shows for a moment over the chat, in answer to a pressed button. */
  answerPress(pressId: string, text: string | null): Promise<void>;
  fetchFile(fileId: string): Promise<IncomingFile>;
}

/** Bytes a second of the poorest line that a picture is sent over. */
const POOREST_LINE = 32 * 1024;

/** Milliseconds that a picture of so many bytes may take on its way to the messenger. */
export function sendingTime(bytes: number): number {
  return Math.ceil((bytes / POOREST_LINE) * 1000);
}

export interface OutgoingText {
  readonly text: string;
  readonly keyboard?: Keyboard;
  readonly replyTo?: number;
}

export interface OutgoingPicture {
  readonly as: 'document' | 'photo';
  readonly bytes: Buffer;
  readonly fileName: string;
  readonly caption: string;
  readonly keyboard?: Keyboard;
}

export interface IncomingFile {
  readonly stream: Readable;
  /** Bytes, where Telegram says so. */
  readonly size: number | null;
}

export type Keyboard = readonly (readonly Button[])[];

export type Button =
  | { readonly text: string; readonly data: string }
  | { readonly text: string; readonly url: string }
  | { readonly text: string; readonly webApp: string };
