import type { FakeChat } from './chat.ts';
import type { Hook, UpdateQueue } from './updates.ts';

/** What the fake Telegram holds, as its methods and its people see it. */
export interface FakeState {
  readonly botName: string;
  readonly updates: UpdateQueue;
  chat(id: number): FakeChat;
  nextMessageId(): number;
  keepFile(bytes: Buffer, kind: string): string;
  file(id: string): { path: string; bytes: Buffer } | undefined;
  setHook(hook: Hook | null): void;
  noteAnswer(pressId: string, text: string | null): void;
}
