/** What regions are painted with, once somebody does. */
import { signal } from '@preact/signals';
import type * as Board from './board.ts';

type BoardUi = typeof Board;

/** null: nobody has, so far. */
export const boardUi = signal<BoardUi | null>(null);

export async function loadBoardUi(): Promise<void> {
  boardUi.value ??= await import('./board.ts');
}
