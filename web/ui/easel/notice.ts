/** The one sentence under the easel: what was taken, refused or went wrong, and the way out of it. */
import { signal } from '@preact/signals';
import type { RefusedFile } from '../pick/picture.ts';
import type { FaultKind } from '../../worker/faults.ts';

export interface Taken {
  readonly kind: 'taken';
  readonly role: 'photo' | 'style';
  readonly scaled: { readonly from: string; readonly to: string } | null;
  readonly undo: () => void;
  readonly instead?: () => void;
}

export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusedFile['reason'];
  readonly file: string;
}

export interface Failed {
  readonly kind: 'failed';
  readonly fault: FaultKind;
  readonly detail: string;
  readonly actions: readonly FailedAction[];
}

export type FailedAction =
  | { readonly name: 'again' | 'wasm'; readonly act: () => void }
  | { readonly name: 'smaller'; readonly size: number; readonly act: () => void };

export type Notice = Taken | Refused | Failed | { readonly kind: 'not-saved' };

export const notice = signal<Notice | null>(null);

/** Good news leaves by itself; a refusal or a failure stays until it is answered. */
const STAY = 12_000;
let leave: ReturnType<typeof setTimeout> | undefined;

export function notify(next: Notice): void {
  clearTimeout(leave);
  notice.value = next;
  if (next.kind === 'taken') {
    leave = setTimeout(() => {
      if (notice.value === next) notice.value = null;
    }, STAY);
  }
}

export function refuse(reason: Refused['reason'], file: string): void {
  notify({ kind: 'refused', reason, file });
}

export function dismiss(): void {
  clearTimeout(leave);
  notice.value = null;
}
