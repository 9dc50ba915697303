/** What a person sees in one chat. */
export interface FakeMessage {
  readonly id: number;
  readonly from: 'bot' | 'user';
  readonly kind: 'text' | 'photo' | 'document' | 'other';
  readonly text: string;
  readonly keyboard: readonly (readonly FakeButton[])[];
  readonly replyTo: number | null;
  readonly fileId: string | null;
  readonly fileName: string | null;
  /** How often its content was changed. */
  readonly edits: number;
}

export interface FakeButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
  readonly web_app?: { readonly url: string };
}

/** A refusal in Telegram's words. */
export class Refusal extends Error {
  readonly code: number;
  readonly parameters: { retry_after?: number } | undefined;
  constructor(code: number, description: string, parameters?: { retry_after?: number }) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

export class FakeChat {
  readonly id: number;
  readonly #messages = new Map<number, FakeMessage>();
  blocked = false;
  /** The person deletes whatever the bot sends, at once. */
  unwelcome = false;

  constructor(id: number) {
    this.id = id;
  }

  get messages(): readonly FakeMessage[] {
    return [...this.#messages.values()];
  }

  /** What the bot has put there. */
  get fromBot(): readonly FakeMessage[] {
    return this.messages.filter((message) => message.from === 'bot');
  }

  get pictures(): readonly FakeMessage[] {
    return this.fromBot.filter(
      (message) => message.kind === 'photo' || message.kind === 'document',
    );
  }

  get texts(): readonly string[] {
    return this.fromBot.filter((one) => one.kind === 'text').map((one) => one.text);
  }

  /** The last message with buttons. */
  get card(): FakeMessage | undefined {
    return this.fromBot.filter((message) => message.keyboard.length > 0).at(-1);
  }

  add(message: FakeMessage): void {
    if (this.unwelcome && message.from === 'bot') return;
    this.#messages.set(message.id, message);
  }

  find(id: number): FakeMessage | undefined {
    return this.#messages.get(id);
  }

  change(id: number, change: Partial<FakeMessage>): FakeMessage {
    const old = this.#messages.get(id);
    if (old?.from !== 'bot') throw new Refusal(400, 'Bad Request: message to edit not found');
    const next = { ...old, ...change };
    if (JSON.stringify(next) === JSON.stringify(old)) {
      throw new Refusal(
        400,
        'Bad Request: message is not modified: content and markup are the same',
      );
    }
    const edited = { ...next, edits: old.edits + 1 };
    this.#messages.set(id, edited);
    return edited;
  }

  remove(id: number): void {
    if (!this.#messages.delete(id)) {
      throw new Refusal(400, 'Bad Request: message to delete not found');
    }
  }
}
