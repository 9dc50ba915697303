/** The one sentence under the easel: what was taken, refused or went wrong, and the way out of it. */
import { signal } from '@preact/signals-core';
import type { RefusedFile } from '../pictures/picture.ts';
import type { FaultKind } from '../../worker/faults.ts';
import type { Texts } from '../../texts/en/index.ts';

/** A sentence that follows the language of the page. */
export type Remark = (texts: Texts) => string;

export interface Taken {
  readonly kind: 'taken';
  readonly role: 'photo' | 'style';
  /** How many styles came, with a photo or without. */
  readonly styles: number;
  readonly remarks: readonly Remark[];
  readonly undo: () => void;
  readonly instead?: () => void;
}

export interface Refused {
  readonly kind: 'refused';
  readonly file: string;
  readonly why: RefusedFile['why'];
}

export interface Failed {
  readonly kind: 'failed';
  readonly fault: FaultKind;
  readonly detail: string;
  readonly actions: readonly FailedAction[];
}

export type FailedAction =
  | {
      readonly name: 'again' | 'anew' | 'lite' | 'wasm' | 'repeat';
      readonly act: () => void;
    }
  | { readonly name: 'smaller'; readonly size: number; readonly act: () => void };

/** The run helped itself and goes on. */
export type Helped =
  | { readonly kind: 'helped'; readonly how: 'device-lost' | 'engine-lost' }
  | { readonly kind: 'helped'; readonly how: 'smaller'; readonly size: number };

/** Pictures left the gallery; they are gone once this notice is. */
export interface Deleted {
  readonly kind: 'deleted';
  readonly count: number;
  readonly undo: () => void;
}

/** A finished picture did not get into the gallery: it is on the easel only. */
export interface Unkept {
  readonly kind: 'unkept';
  readonly full: boolean;
  readonly again: () => void;
  readonly openGallery: () => void;
}

/** A picture that this program made came back, with its settings inside. */
export interface Recognised {
  readonly kind: 'recognised';
  readonly useSettings: () => void;
  readonly useAsPhoto: () => void;
}

/** Its settings were taken over, but for those of its styles that are not here. */
export interface Followed {
  readonly kind: 'followed';
  readonly missing: readonly string[];
}

/** A network of the person's own is there, and chosen. */
export interface NetworkTaken {
  readonly kind: 'network-taken';
  readonly name: string;
}

/** The camera was asked for and does not come. */
export interface NoCamera {
  readonly kind: 'no-camera';
  /** The person, the browser or the host does not allow it; there is none; another program has it, or it does not work. */
  readonly why: 'refused' | 'none' | 'busy';
}

export type Notice =
  | NetworkTaken
  | NoCamera
  | Taken
  | Refused
  | Failed
  | Helped
  | Deleted
  | Unkept
  | Recognised
  | Followed
  | { readonly kind: 'not-saved' | 'not-copied' | 'not-shared' | 'not-filmed' }
  | { readonly kind: 'storage-full' | 'no-network' | 'insecure' };

export const notice = signal<Notice | null>(null);

/** Good news leaves by itself; a refusal or a failure stays until it is answered. */
const STAY = 12_000;
let leave: ReturnType<typeof setTimeout> | undefined;

export function notify(next: Notice): void {
  clearTimeout(leave);
  notice.value = next;
  if (['taken', 'network-taken', 'helped', 'deleted', 'followed'].includes(next.kind)) {
    leave = setTimeout(() => {
      if (notice.value === next) notice.value = null;
    }, STAY);
  }
}

export function refuse({ file, why }: RefusedFile): void {
  notify({ kind: 'refused', file, why });
}

export function dismiss(): void {
  clearTimeout(leave);
  notice.value = null;
}
