import * as v from 'valibot';
import { FORMATS } from '../../shared/pictures/formats.ts';
import { JOB_LIMITS } from '../../shared/job.ts';
import type { ChatEvent, Picture } from '../chat/state.ts';
import type { RefusedFile } from '../chat/texts.ts';

/** The parts of Bot API updates that matter here; everything else in them is left alone. */
const id = v.pipe(v.number(), v.safeInteger());
const fileId = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,512}$/));
const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Chat = v.object({ id, type: v.string() });
const User = v.object({
  id,
  is_bot: v.optional(v.boolean()),
  language_code: v.optional(v.string()),
});
const PhotoSize = v.object({
  file_id: fileId,
  width: v.number(),
  height: v.number(),
  file_size: v.optional(bytes),
});
const Document = v.object({
  file_id: fileId,
  mime_type: v.optional(v.string()),
  file_name: v.optional(v.string()),
  file_size: v.optional(bytes),
});
const Message = v.looseObject({
  message_id: id,
  chat: Chat,
  from: v.optional(User),
  text: v.optional(v.string()),
  photo: v.optional(v.array(PhotoSize)),
  document: v.optional(Document),
  media_group_id: v.optional(v.string()),
});
type Message = v.InferOutput<typeof Message>;
const Update = v.object({
  update_id: id,
  message: v.optional(Message),
  callback_query: v.optional(
    v.object({
      id: v.string(),
      from: User,
      data: v.optional(v.string()),
      message: v.optional(v.object({ message_id: id, chat: Chat })),
    }),
  ),
  my_chat_member: v.optional(
    v.object({ chat: Chat, from: User, new_chat_member: v.object({ status: v.string() }) }),
  ),
});

/** What is asked of getUpdates and setWebhook. Edited messages are left out on purpose: the first version counts. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const;

/** An update in the scenario's words. */
export interface Incoming {
  readonly updateId: number;
  readonly chatId: number;
  readonly userId: number;
  readonly langCode: string | undefined;
  readonly event: ChatEvent;
  /** A pressed button waits for its answer. */
  readonly pressId: string | null;
}

/** Translate an update; null for everything that is ignored on purpose. Never throws, whatever comes. */
export function readUpdate(raw: unknown, botName: string | undefined): Incoming | null {
  const parsed = v.safeParse(Update, raw);
  if (!parsed.success) return null;
  const {
    update_id: updateId,
    message,
    callback_query: press,
    my_chat_member: member,
  } = parsed.output;
  if (message?.from !== undefined) {
    const event = messageEvent(message, botName);
    if (event === null || message.from.is_bot === true) return null;
    return incoming(updateId, message.chat.id, message.from, event, null);
  }
  if (press?.message !== undefined) {
    const data = press.data ?? '';
    const event: ChatEvent = { type: 'press', data, mid: press.message.message_id };
    return incoming(updateId, press.message.chat.id, press.from, event, press.id);
  }
  if (member?.chat.type === 'private' && member.new_chat_member.status === 'kicked') {
    return incoming(updateId, member.chat.id, member.from, { type: 'blocked' }, null);
  }
  return null;
}

function incoming(
  updateId: number,
  chatId: number,
  from: v.InferOutput<typeof User>,
  event: ChatEvent,
  pressId: string | null,
): Incoming {
  return { updateId, chatId, userId: from.id, langCode: from.language_code, event, pressId };
}

const COMMAND = /^\/([a-z_]{1,32})(?:@(\w+))?(?:\s+(.*))?$/is;

function messageEvent(message: Message, botName: string | undefined): ChatEvent | null {
  const command = COMMAND.exec(message.text ?? '');
  const forUs =
    command !== null &&
    (command[2] === undefined || command[2].toLowerCase() === botName?.toLowerCase());
  if (message.chat.type !== 'private') return forUs ? { type: 'group', command: true } : null;
  if (forUs) {
    const [, name = '', , arg = ''] = command;
    return { type: 'command', name: name.toLowerCase(), arg: arg.trim().toLowerCase() };
  }
  if (message.photo !== undefined && message.photo.length > 0) return photoEvent(message);
  if (message.document !== undefined) return documentEvent(message, message.document);
  return OTHERS.some((key) => key in message) ? { type: 'other' } : null;
}

/** Contents that get a hint; service messages (a pinned message, a new title) get none. */
const OTHERS = [
  'text',
  'sticker',
  'video',
  'voice',
  'video_note',
  'audio',
  'animation',
  'contact',
  'location',
  'venue',
  'poll',
  'dice',
  'game',
  'story',
];

/** `photo` holds the same picture in several sizes. */
function photoEvent(message: Message): ChatEvent {
  const sizes = [...message.photo!].sort((a, b) => b.width * b.height - a.width * a.height);
  const best = sizes[0]!;
  const picture: Picture = {
    fileId: best.file_id,
    mime: 'image/jpeg',
    size: best.file_size ?? null,
    mid: message.message_id,
    short: Math.min(best.width, best.height),
  };
  return { type: 'picture', picture, album: message.media_group_id ?? null };
}

/** What the page will read. */
const READABLE: readonly string[] = Object.values(FORMATS).map(({ type }) => type);

/** Letters of a file's name that are said back. */
const LONGEST_NAME = 100;

/** What it will not, and is known by name. */
const REFUSED: readonly (readonly [RefusedFile, RegExp])[] = [
  ['heic', /^image\/hei[cf]/],
  ['jxl', /^image\/jxl/],
  ['svg', /^image\/svg/],
  ['video', /^video\//],
  ['text', /^text\//],
];

function documentEvent(message: Message, file: v.InferOutput<typeof Document>): ChatEvent {
  const mid = message.message_id;
  const mime = file.mime_type?.toLowerCase() ?? '';
  if (!READABLE.includes(mime)) {
    const name = (file.file_name ?? '').slice(0, LONGEST_NAME);
    const known = name !== '' && REFUSED.find(([, pattern]) => pattern.test(mime));
    return known
      ? { type: 'refused', why: known[0], mid, name }
      : { type: 'refused', why: 'badFormat', mid };
  }
  const size = file.file_size ?? null;
  if (size !== null && size > JOB_LIMITS.bytes) return { type: 'refused', why: 'tooBig', mid };
  const picture: Picture = { fileId: file.file_id, mime, size, mid, short: null };
  return { type: 'picture', picture, album: message.media_group_id ?? null };
}
