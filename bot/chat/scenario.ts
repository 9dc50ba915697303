/**
 * The conversation as a pure function: (state, event) -> (state, effects). Telegram, the database and the clock are
 * elsewhere. Buttons are in presses.ts, words in texts.ts.
 */
import { JOB_LIMITS } from '../../shared/job.ts';
import { isLanguage } from '../../shared/languages.ts';
import { press } from './presses.ts';
import {
  type ChatEvent,
  type ChatState,
  type Effect,
  type Outcome,
  type Picture,
  type Surroundings,
  reset,
  stay,
} from './state.ts';
import type { TextKey } from './texts.ts';

/** An album is complete when nothing came for QUIET, or LONGEST after its first picture. */
const QUIET = 700;
const LONGEST = 3_000;
/** A draft nobody touches for an hour is put away. */
const SILENCE = 3_600_000;
const SMALL = 256;

export function reduce(state: ChatState, event: ChatEvent, around: Surroundings): Outcome {
  if (event.type === 'tick') return tick(state, around);
  // Whatever comes next ends an album; its pictures count first.
  const sameAlbum = event.type === 'picture' && event.album === state.album?.id;
  const before = sameAlbum ? { state, effects: [] } : closeAlbum(state);
  const after = step({ ...before.state, touched: around.now }, event, around);
  return { state: after.state, effects: [...before.effects, ...after.effects] };
}

/** When the scenario wants to be woken next. */
export function wakeAt(state: ChatState): number | null {
  if (state.album !== null) {
    return Math.min(state.album.last + QUIET, state.album.first + LONGEST);
  }
  return state.step === 'idle' ? null : state.touched + SILENCE;
}

function step(state: ChatState, event: Exclude<ChatEvent, { type: 'tick' }>, around: Surroundings) {
  switch (event.type) {
    case 'picture':
      return event.album === null
        ? takePictures(state, [event.picture])
        : growAlbum(state, event.album, event.picture, around.now);
    case 'refused':
      return stay(state, {
        do: 'say',
        key: event.why,
        replyTo: event.mid,
        ...(event.name !== undefined && { name: event.name }),
      });
    case 'other':
      return stay(state, { do: 'say', key: HINTS[state.step] });
    case 'command':
      return command(state, event.name, event.arg, around);
    case 'press':
      return press(state, event.data, event.mid, around);
    case 'group':
      return event.command ? stay(state, { do: 'say', key: 'privateOnly' }) : stay(state);
    case 'blocked':
      return { state: reset(state), effects: [{ do: 'block' }] satisfies Effect[] };
  }
}

const HINTS: Readonly<Record<ChatState['step'], TextKey>> = {
  idle: 'hintIdle',
  content: 'askContent',
  styles: 'hintStyles',
  options: 'hintOptions',
  settings: 'hintSettings',
};

function tick(state: ChatState, around: Surroundings): Outcome {
  const due = wakeAt(state);
  if (due === null || due > around.now) return stay(state);
  if (state.album !== null) return closeAlbum(state);
  return { state: reset(state), effects: [{ do: 'closeCard', key: 'timedOut' }] };
}

function growAlbum(state: ChatState, id: string, picture: Picture, now: number): Outcome {
  const album = state.album ?? { id, parts: [], first: now, last: now };
  const known = album.parts.some((part) => part.mid === picture.mid);
  const parts = known ? album.parts : [...album.parts, picture];
  return stay({ ...state, album: { ...album, parts, last: now } });
}

function closeAlbum(state: ChatState): Outcome {
  if (state.album === null) return stay(state);
  const parts = [...state.album.parts].sort((a, b) => a.mid - b.mid);
  return takePictures({ ...state, album: null }, parts);
}

/** The first picture is the photo, those after it are styles. */
function takePictures(state: ChatState, pictures: readonly Picture[]): Outcome {
  const rest = [...pictures];
  const content = state.content ?? rest.shift() ?? null;
  const styles = [...state.styles, ...rest];
  const effects: Effect[] = [];
  if (pictures.some((picture) => picture.short !== null && picture.short < SMALL)) {
    effects.push({ do: 'say', key: 'small' });
  }
  if (styles.length > JOB_LIMITS.styles) effects.push({ do: 'say', key: 'maxStyles' });
  const at = state.step === 'settings' ? state.back : state.step;
  return {
    state: {
      ...state,
      step: at === 'options' ? 'options' : 'styles',
      back: 'idle',
      content,
      styles: styles.slice(0, JOB_LIMITS.styles),
    },
    effects: [...effects, { do: 'card', fresh: true }],
  };
}

type Command = (state: ChatState, arg: string, around: Surroundings) => Outcome;

const COMMANDS: Readonly<Record<string, Command>> = {
  start: (state) => stay(state, { do: 'say', key: 'start' }),
  help: (state) => stay(state, { do: 'say', key: 'help' }),
  privacy: (state) => stay(state, { do: 'say', key: 'privacy' }),
  new: (state) => ({
    state: { ...reset(state), step: 'content' },
    effects: [
      { do: 'closeCard', key: 'cancelled' },
      { do: 'say', key: 'askContent' },
    ],
  }),
  cancel: (state, _arg, around) => {
    if (state.step !== 'idle') {
      const effects: Effect[] = [
        { do: 'closeCard', key: 'cancelled' },
        { do: 'say', key: 'cancelled' },
      ];
      return { state: reset(state), effects };
    }
    if (around.openJobs === 0) return stay(state, { do: 'say', key: 'nothingToCancel' });
    return stay(state, { do: 'cancelAllJobs' }, { do: 'say', key: 'cancelled' });
  },
  settings: (state) => ({
    state: {
      ...state,
      step: 'settings',
      back: state.step === 'settings' ? state.back : state.step,
    },
    effects: [{ do: 'card', fresh: true }],
  }),
  lang: (state, arg) => {
    if (isLanguage(arg)) {
      const next: ChatState = { ...state, lang: arg, langChosen: true };
      return stay(next, { do: 'say', key: 'langSet' });
    }
    return stay(state, { do: 'say', key: 'langAsk', ask: 'lang' });
  },
  forget: (state) => stay(state, { do: 'say', key: 'forgetAsk', ask: 'forget' }),
};

function command(state: ChatState, name: string, arg: string, around: Surroundings): Outcome {
  const known = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : COMMANDS['help'];
  return known!(state, arg, around);
}
