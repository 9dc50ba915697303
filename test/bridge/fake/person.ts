import type { FakeChat, FakeMessage } from './chat.ts';
import type { FakeState } from './state.ts';
import type { FakeUpdate } from './updates.ts';

let presses = 0;

interface PhotoOptions {
  readonly album?: string;
  readonly width?: number;
  readonly height?: number;
}

/** Somebody with Telegram on the phone, in a private chat with the bot. */
export class FakePerson {
  readonly #telegram: FakeState;
  readonly id: number;
  readonly language: string;

  constructor(telegram: FakeState, id: number, language: string) {
    this.#telegram = telegram;
    this.id = id;
    this.language = language;
  }

  get chat(): FakeChat {
    return this.#telegram.chat(this.id);
  }

  get #from() {
    return { id: this.id, is_bot: false, first_name: 'P', language_code: this.language };
  }

  /** Any message, as the given fields. */
  send(content: Readonly<Record<string, unknown>>, kind: FakeMessage['kind'] = 'other'): Sent {
    const id = this.#telegram.nextMessageId();
    this.chat.add({
      id,
      from: 'user',
      kind,
      text: typeof content['text'] === 'string' ? content['text'] : '',
      keyboard: [],
      replyTo: null,
      fileId: null,
      fileName: null,
      edits: 0,
    });
    const update = this.#telegram.updates.push({
      message: {
        message_id: id,
        date: 1,
        chat: { id: this.id, type: 'private' },
        from: this.#from,
        ...content,
      },
    });
    return { id, update };
  }

  say(text: string): Sent {
    return this.send({ text }, 'text');
  }

  photo(bytes: Buffer, options: PhotoOptions = {}): Sent {
    const { width = 1280, height = 960, album } = options;
    const size = (side: number, fileId: string) => ({
      file_id: fileId,
      file_unique_id: fileId,
      width: Math.round(width * side),
      height: Math.round(height * side),
      file_size: Math.round(bytes.length * side),
    });
    const small = this.#telegram.keepFile(Buffer.from('thumbnail'), 'photo');
    const photo = [size(0.1, small), size(1, this.#telegram.keepFile(bytes, 'photo'))];
    return this.send({ photo, ...albumOf(album) }, 'photo');
  }

  document(bytes: Buffer, mime: string, options: { album?: string; size?: number } = {}): Sent {
    const file_id = this.#telegram.keepFile(bytes, 'document');
    const file_size = options.size ?? bytes.length;
    const document = { file_id, file_unique_id: file_id, mime_type: mime, file_size };
    return this.send({ document, ...albumOf(options.album) }, 'document');
  }

  /** Press a button by what it says or does; on the newest card unless another is given. */
  press(button: string, on: FakeMessage | undefined = this.chat.card): Press {
    const found = on?.keyboard
      .flat()
      .find((one) => one.text.includes(button) || one.callback_data === button);
    if (on === undefined || found?.callback_data === undefined) {
      throw new Error(`there is no button "${button}" to press`);
    }
    return this.pressData(found.callback_data, on.id);
  }

  /** A press as a client that is not up to date may send it. */
  pressData(data: string, messageId: number): Press {
    const pressId = `press${presses++}`;
    const update = this.#telegram.updates.push({
      callback_query: {
        id: pressId,
        from: this.#from,
        chat_instance: '1',
        data,
        message: { message_id: messageId, date: 1, chat: { id: this.id, type: 'private' } },
      },
    });
    return { pressId, update };
  }

  block(): void {
    this.chat.blocked = true;
    this.#member('kicked');
  }

  unblock(): void {
    this.chat.blocked = false;
    this.#member('member');
  }

  #member(status: string): void {
    this.#telegram.updates.push({
      my_chat_member: {
        chat: { id: this.id, type: 'private' },
        from: this.#from,
        date: 1,
        old_chat_member: { status: 'member', user: this.#from },
        new_chat_member: { status, user: this.#from },
      },
    });
  }
}

export interface Sent {
  readonly id: number;
  readonly update: FakeUpdate;
}

export interface Press {
  readonly pressId: string;
  readonly update: FakeUpdate;
}

function albumOf(album: string | undefined): object {
  return album === undefined ? {} : { media_group_id: album };
}
