/** The Bot API's methods that a bridge uses, with the limits Telegram checks. */
import { createHash } from 'node:crypto';
import { type FakeButton, type FakeChat, type FakeMessage, Refusal } from './chat.ts';
import type { Form } from './multipart.ts';
import type { FakeState } from './state.ts';

export type Payload = Readonly<Record<string, unknown>>;
type Method = (telegram: FakeState, payload: Payload, form: Form | null) => unknown;

const MB = 1024 * 1024;

export const METHODS: Readonly<Record<string, Method>> = {
  getMe: (telegram) => ({
    id: 1,
    is_bot: true,
    first_name: 'Restyle',
    username: telegram.botName,
  }),
  setMyCommands: () => true,
  deleteWebhook: (telegram) => {
    telegram.setHook(null);
    return true;
  },
  setWebhook: (telegram, { url, secret_token }) => {
    if (typeof url !== 'string' || !url.startsWith('https://')) {
      throw new Refusal(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
    }
    if (!/^[\w-]{1,256}$/.test(String(secret_token))) {
      throw new Refusal(400, 'Bad Request: secret token contains unallowed characters');
    }
    telegram.setHook({ path: new URL(url).pathname, secret: String(secret_token) });
    return true;
  },
  sendMessage: (telegram, payload) => {
    const chat = writable(telegram, payload);
    const message: FakeMessage = {
      id: telegram.nextMessageId(),
      from: 'bot',
      kind: 'text',
      text: text(payload['text'], 4096),
      keyboard: keyboard(payload),
      replyTo: replyTo(chat, payload),
      fileId: null,
      fileName: null,
      edits: 0,
    };
    chat.add(message);
    return shown(telegram, chat, message);
  },
  editMessageText: (telegram, payload) => {
    const chat = writable(telegram, payload);
    const change = { text: text(payload['text'], 4096), keyboard: keyboard(payload) };
    return shown(telegram, chat, chat.change(Number(payload['message_id']), change));
  },
  editMessageMedia: (telegram, payload, form) => {
    const chat = writable(telegram, payload);
    const media = json(payload['media']) as { type: string; media: string; caption?: string };
    if (form === null) throw new Refusal(400, 'Bad Request: there is no file in the request');
    const file = form.files.get(media.media.replace('attach://', ''));
    if (file === undefined) throw new Refusal(400, 'Bad Request: wrong file attachment');
    const photo = media.type === 'photo';
    if (file.bytes.length > (photo ? 10 : 50) * MB) {
      throw new Refusal(413, 'Request Entity Too Large');
    }
    if ((media.caption ?? '').length > 1024) {
      throw new Refusal(400, 'Bad Request: message caption is too long');
    }
    const message = chat.change(Number(payload['message_id']), {
      kind: photo ? 'photo' : 'document',
      text: media.caption ?? '',
      keyboard: keyboard(payload),
      fileId: telegram.keepFile(file.bytes, photo ? 'photo' : 'document'),
      fileName: photo ? null : file.name,
    });
    return shown(telegram, chat, message);
  },
  deleteMessage: (telegram, payload) => {
    writable(telegram, payload).remove(Number(payload['message_id']));
    return true;
  },
  answerCallbackQuery: (telegram, { callback_query_id, text: line }) => {
    telegram.noteAnswer(String(callback_query_id), typeof line === 'string' ? line : null);
    return true;
  },
  getFile: (telegram, { file_id }) => {
    const file = telegram.file(String(file_id));
    if (file === undefined) throw new Refusal(400, 'Bad Request: invalid file_id');
    if (file.bytes.length > 20 * MB) throw new Refusal(400, 'Bad Request: file is too big');
    return {
      file_id,
      file_unique_id: createHash('sha256').update(file.bytes).digest('hex').slice(0, 12),
      file_size: file.bytes.length,
      file_path: file.path,
    };
  },
};

function writable(telegram: FakeState, payload: Payload): FakeChat {
  const chat = telegram.chat(Number(payload['chat_id']));
  if (chat.blocked) throw new Refusal(403, 'Forbidden: bot was blocked by the user');
  return chat;
}

function text(value: unknown, most: number): string {
  if (typeof value !== 'string' || value === '') {
    throw new Refusal(400, 'Bad Request: message text is empty');
  }
  if (value.length > most) throw new Refusal(400, 'Bad Request: message is too long');
  return value;
}

/** In a form, objects come as JSON. */
function json(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

function keyboard(payload: Payload): readonly (readonly FakeButton[])[] {
  const markup = json(payload['reply_markup']) as { inline_keyboard?: FakeButton[][] } | undefined;
  const rows = markup?.inline_keyboard ?? [];
  for (const button of rows.flat()) checkButton(button);
  return rows;
}

function checkButton(button: FakeButton): void {
  const { callback_data: data, url, web_app: app } = button;
  if (data !== undefined && (data === '' || Buffer.byteLength(data) > 64)) {
    throw new Refusal(400, 'Bad Request: BUTTON_DATA_INVALID');
  }
  if (url !== undefined && !/^https?:\/\/[^/]*\./.test(url)) {
    throw new Refusal(400, 'Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL');
  }
  if (app !== undefined && !app.url.startsWith('https://')) {
    throw new Refusal(400, 'Bad Request: Web App URL is invalid: Only HTTPS links are allowed');
  }
}

function replyTo(chat: FakeChat, payload: Payload): number | null {
  const reply = json(payload['reply_parameters']) as
    { message_id: number; allow_sending_without_reply?: boolean } | undefined;
  if (reply === undefined) return null;
  if (chat.find(reply.message_id) !== undefined) return reply.message_id;
  if (reply.allow_sending_without_reply === true) return null;
  throw new Refusal(400, 'Bad Request: message to be replied not found');
}

/** A message as the API returns it. */
function shown(telegram: FakeState, chat: FakeChat, message: FakeMessage): object {
  const size = message.fileId === null ? 0 : telegram.file(message.fileId)!.bytes.length;
  const file = { file_id: message.fileId, file_unique_id: 'u', file_size: size };
  return {
    message_id: message.id,
    date: Math.floor(Date.now() / 1000),
    chat: { id: chat.id, type: 'private' },
    ...(message.kind === 'text' ? { text: message.text } : {}),
    ...(message.kind === 'document' ? { document: file } : {}),
    ...(message.kind === 'photo' ? { photo: [{ ...file, width: 1, height: 1 }] } : {}),
  };
}
