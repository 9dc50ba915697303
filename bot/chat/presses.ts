/** What each button does. `callback_data` is at most 64 bytes, so the words are short. */
import { isUnfinished, type JobOptions } from '../../shared/job.ts';
import { LANGUAGE_CODES, type Language } from '../../shared/languages.ts';
import {
  type ChatState,
  type Effect,
  type JobFacts,
  type Outcome,
  type Step,
  type Surroundings,
  reset,
  stay,
} from './state.ts';

/** Open jobs a person may have at a time. */
const MOST_JOBS = 3;

type Press = (state: ChatState, around: Surroundings) => Outcome;

const silent: Effect = { do: 'answer', key: null };
const stale: Effect = { do: 'answer', key: 'stale' };
const redraw: Effect = { do: 'card', fresh: false };

/** Buttons of the draft's card: at which steps they count, and what they do. */
const ON_CARD: Readonly<Record<string, { readonly at: readonly Step[]; readonly does: Press }>> = {
  's:done': {
    at: ['styles'],
    does: (state) =>
      state.styles.length > 0
        ? { state: { ...state, step: 'options' }, effects: [silent, redraw] }
        : stay(state, { do: 'answer', key: 'needStyle' }),
  },
  's:swap': {
    at: ['styles', 'options'],
    does: (state) => ({ state: rotate(state), effects: [silent, redraw] }),
  },
  's:pop': {
    at: ['styles', 'options'],
    does: (state) => {
      const styles = state.styles.slice(0, -1);
      const step = styles.length === 0 ? 'styles' : state.step;
      return { state: { ...state, styles, step }, effects: [silent, redraw] };
    },
  },
  x: {
    at: ['styles', 'options'],
    does: (state) => ({
      state: reset(state),
      effects: [
        { do: 'answer', key: 'cancelled' },
        { do: 'closeCard', key: 'cancelled' },
      ],
    }),
  },
  go: { at: ['options'], does: go },
  'o:close': { at: ['settings'], does: closeSettings },
  'm:v': choose({ network: 'vgg' }),
  'm:r': choose({ network: 'resnet' }),
  'm:b': choose({ network: 'both' }),
  'q:0': choose({ upscale: false }),
  'q:1': choose({ upscale: true }),
  'z:5': choose({ size: 512 }),
  'z:7': choose({ size: 768 }),
  'z:1': choose({ size: 1024 }),
  'd:f': choose({ deliverAs: 'document' }),
  'd:p': choose({ deliverAs: 'photo' }),
};

/** Buttons that mean the same wherever they stand. */
const ANYWHERE: Readonly<Record<string, Press>> = {
  ...Object.fromEntries(
    LANGUAGE_CODES.map((code): [string, Press] => [`l:${code}`, (state) => speak(state, code)]),
  ),
  forget: (state) => stay(state, silent, { do: 'forget' }, { do: 'say', key: 'forgotten' }),
};

/** Buttons that name a job: `word:<id>`. */
const ON_JOB: Readonly<Record<string, (state: ChatState, job: JobFacts) => Outcome>> = {
  x: (state, job) =>
    isUnfinished(job.state)
      ? stay(state, { do: 'answer', key: 'cancelled' }, { do: 'cancelJob', job: job.id })
      : stay(state, stale, { do: 'jobCard', job: job.id }),
  again: (state, job) => {
    const [content, ...styles] = job.pictures;
    if (content === undefined) return stay(state, { do: 'answer', key: 'gone' });
    const next = { ...reset(state), step: 'options', content, styles } as const;
    return {
      state: { ...next, options: job.options },
      effects: [silent, { do: 'card', fresh: true }],
    };
  },
  photo: (state, job) => {
    if (!job.hasFile) return stay(state, { do: 'answer', key: 'gone' });
    if (job.photoAsked) return stay(state, { do: 'answer', key: 'already' });
    return stay(state, { do: 'answer', key: 'sending' }, { do: 'sendPhoto', job: job.id });
  },
};

export function press(state: ChatState, data: string, mid: number, around: Surroundings): Outcome {
  const [word = '', id = ''] = data.split(':');
  const anywhere = Object.hasOwn(ANYWHERE, data) ? ANYWHERE[data] : undefined;
  if (anywhere !== undefined) return anywhere(state, around);
  if (id.length > 1 && Object.hasOwn(ON_JOB, word)) {
    if (around.job === null) return stay(state, { do: 'answer', key: 'gone' });
    return ON_JOB[word]!(state, around.job);
  }
  const onCard = Object.hasOwn(ON_CARD, data) ? ON_CARD[data] : undefined;
  if (onCard === undefined || state.step === 'idle') return stay(state, stale);
  // A press on an old card, or a second one on a card that is being redrawn.
  if (mid !== around.cardMid || !onCard.at.includes(state.step)) return stay(state, stale, redraw);
  return onCard.does(state, around);
}

/** Whether this is a button of the draft's card. */
export function isOnCard(data: string): boolean {
  return Object.hasOwn(ON_CARD, data);
}

/** The id of the job that a button names, if it names one. */
export function jobOfPress(data: string): string | null {
  const match = /^(?:x|again|photo):([\w-]{12})$/.exec(data);
  return match?.[1] ?? null;
}

function choose(change: Partial<JobOptions>): {
  readonly at: readonly Step[];
  readonly does: Press;
} {
  const does: Press = (state) => ({
    state: { ...state, options: { ...state.options, ...change } },
    effects: [silent, redraw],
  });
  return { at: ['options', 'settings'], does };
}

function closeSettings(state: ChatState): Outcome {
  const back = { ...state, step: state.back, back: 'idle' } as const;
  const draft = back.step === 'styles' || back.step === 'options';
  return { state: back, effects: [silent, draft ? redraw : { do: 'closeCard', key: 'kept' }] };
}

function go(state: ChatState, around: Surroundings): Outcome {
  const { content, styles, options } = state;
  if (content === null || styles.length === 0) return stay(state, stale, redraw);
  if (around.openJobs >= MOST_JOBS) return stay(state, { do: 'answer', key: 'tooManyJobs' });
  return {
    state: reset(state),
    effects: [silent, { do: 'createJob', content, styles, options }],
  };
}

/** The first style becomes the photo, the photo the last style; with one style that is a swap. */
function rotate(state: ChatState): ChatState {
  const [first, ...rest] = state.styles;
  if (state.content === null || first === undefined) return state;
  return { ...state, content: first, styles: [...rest, state.content] };
}

function speak(state: ChatState, lang: Language): Outcome {
  const next = { ...state, lang, langChosen: true };
  return stay(next, silent, { do: 'say', key: 'langSet' });
}
