import { DEFAULT_JOB_OPTIONS, type JobOptions, type JobState } from '../../shared/job.ts';
import type { Lang, RefusedFile, TextKey } from './texts.ts';

/** A picture somebody sent, by the name Telegram gave it. */
export interface Picture {
  readonly fileId: string;
  readonly mime: string;
  readonly size: number | null;
  /** The message it came in. */
  readonly mid: number;
  /** The shorter side, where Telegram says so. */
  readonly short: number | null;
}

/**
 * Where a conversation stands; the name says what is awaited.
 * idle: nothing; content: the photo; styles: styles, the photo is there; options: the choices; settings: usual choices.
 */
export type Step = 'idle' | 'content' | 'styles' | 'options' | 'settings';

/** An album comes as single updates without an end: it is over when it has been quiet for a while. */
export interface Album {
  readonly id: string;
  readonly parts: readonly Picture[];
  readonly first: number;
  readonly last: number;
}

export interface ChatState {
  readonly step: Step;
  /** Where the settings card leads back to. */
  readonly back: Step;
  readonly content: Picture | null;
  readonly styles: readonly Picture[];
  readonly album: Album | null;
  readonly options: JobOptions;
  readonly lang: Lang;
  /** By /lang, and no longer by what Telegram says. */
  readonly langChosen: boolean;
  readonly touched: number;
}

export const START: ChatState = {
  step: 'idle',
  back: 'idle',
  content: null,
  styles: [],
  album: null,
  options: DEFAULT_JOB_OPTIONS,
  lang: 'en',
  langChosen: false,
  touched: 0,
};

export type ChatEvent =
  | { readonly type: 'picture'; readonly picture: Picture; readonly album: string | null }
  | {
      readonly type: 'refused';
      readonly why: RefusedFile;
      readonly mid: number;
      /** Of the file. */
      readonly name?: string;
    }
  | { readonly type: 'other' }
  | { readonly type: 'command'; readonly name: string; readonly arg: string }
  | { readonly type: 'press'; readonly data: string; readonly mid: number }
  | { readonly type: 'group'; readonly command: boolean }
  | { readonly type: 'blocked' }
  | { readonly type: 'tick' };

/** A job that a pressed button names, as far as the scenario cares. */
export interface JobFacts {
  readonly id: string;
  readonly state: JobState;
  readonly options: JobOptions;
  readonly pictures: readonly Picture[];
  /** The delivered file can be had from Telegram again. */
  readonly hasFile: boolean;
  readonly photoAsked: boolean;
}

/** What the scenario may know of the world. */
export interface Surroundings {
  readonly now: number;
  readonly cardMid: number | null;
  readonly openJobs: number;
  readonly job: JobFacts | null;
}

export type Effect =
  | {
      readonly do: 'say';
      readonly key: TextKey;
      /** Of the file that it is about. */
      readonly name?: string;
      readonly replyTo?: number;
      readonly ask?: Ask;
    }
  /** Draw the draft's card: anew under the last message, or in place. */
  | { readonly do: 'card'; readonly fresh: boolean }
  | { readonly do: 'closeCard'; readonly key: TextKey }
  /** The line over the chat that answers a press. */
  | { readonly do: 'answer'; readonly key: TextKey | null }
  | {
      readonly do: 'createJob';
      readonly content: Picture;
      readonly styles: readonly Picture[];
      readonly options: JobOptions;
    }
  | { readonly do: 'jobCard'; readonly job: string }
  | { readonly do: 'cancelJob'; readonly job: string }
  | { readonly do: 'cancelAllJobs' }
  | { readonly do: 'sendPhoto'; readonly job: string }
  | { readonly do: 'block' }
  | { readonly do: 'forget' };

/** Buttons under a question. */
export type Ask = 'lang' | 'forget';

export interface Outcome {
  readonly state: ChatState;
  readonly effects: readonly Effect[];
}

/** Read a stored state; fields that a newer version added take their defaults. */
export function loadState(json: string): ChatState {
  const stored = JSON.parse(json) as Partial<ChatState>;
  return { ...START, ...stored, options: { ...START.options, ...stored.options } };
}

export function stay(state: ChatState, ...effects: Effect[]): Outcome {
  return { state, effects };
}

/** Back to the beginning; choices and language remain. */
export function reset(state: ChatState): ChatState {
  return { ...state, step: 'idle', back: 'idle', content: null, styles: [], album: null };
}
