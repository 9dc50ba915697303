import { reduce } from '../../../bot/chat/scenario.ts';
import {
  type ChatEvent,
  type ChatState,
  type Effect,
  type Picture,
  START,
  type Surroundings,
} from '../../../bot/chat/state.ts';

export const CARD = 50;
export const NOW = 1_000_000;
let mids = 0;
export const picture = (short: number | null = 900): Picture => {
  mids += 1;
  return { fileId: `f${mids}`, mime: 'image/jpeg', size: 9, mid: mids, short };
};
export const sent = (album: string | null = null): ChatEvent => ({
  type: 'picture',
  picture: picture(),
  album,
});
export const press = (data: string, mid = CARD): ChatEvent => ({ type: 'press', data, mid });
export const order = (name: string, arg = ''): ChatEvent => ({ type: 'command', name, arg });
export const other: ChatEvent = { type: 'other' };

/** One letter for a state: idle, content, styles (with their number), options, settings. */
const at = (state: ChatState) =>
  state.step === 'styles' || state.step === 'options'
    ? `${state.step} ${state.styles.length}`
    : state.step;
const said = (effects: readonly Effect[]) =>
  effects.map((effect) => {
    if (effect.do === 'card') return effect.fresh ? 'card anew' : 'card';
    if (effect.do === 'say' || effect.do === 'closeCard') return `${effect.do} ${effect.key}`;
    if (effect.do === 'answer') return `answer ${effect.key ?? '-'}`;
    return effect.do;
  });

/** Play events one after the other from the beginning; each may take `gap` milliseconds. */
export function play(
  events: readonly ChatEvent[],
  around: Partial<Surroundings> = {},
  from: ChatState = START,
  gap = 10,
) {
  let state = from;
  let effects: readonly Effect[] = [];
  let now = NOW;
  for (const event of events) {
    now += gap;
    const surroundings = { now, cardMid: CARD, openJobs: 0, job: null, ...around };
    ({ state, effects } = reduce(state, event, surroundings));
  }
  return { state, at: at(state), said: said(effects), effects };
}

/** A photo and a style; and at the choices. */
export const S1 = [sent(), sent()];
export const O1 = [...S1, press('s:done')];
