/** Albums, silence, the buttons of jobs, and cards. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_JOB_OPTIONS } from '../../shared/job.ts';
import { draftCard } from '../../bot/chat/cards.ts';
import { reduce, wakeAt } from '../../bot/chat/scenario.ts';
import { type ChatEvent, type JobFacts, START, loadState } from '../../bot/chat/state.ts';
import { CARD, NOW, O1, S1, order, other, picture, play, press, sent } from './kit/scenario.ts';

describe('an album', () => {
  const tick: ChatEvent = { type: 'tick' };
  const three = [sent('a'), sent('a'), sent('a')];

  it('is taken once it has been quiet: the first is the photo', () => {
    const waiting = play(three);
    expect([waiting.at, waiting.said]).toEqual(['idle', []]);
    const due = wakeAt(waiting.state)!;
    expect(due).toBe(NOW + 30 + 700);
    const early = play([tick], { now: due - 1 }, waiting.state);
    expect([early.at, early.said]).toEqual(['idle', []]);
    const late = play([tick], { now: due }, waiting.state);
    expect([late.at, late.said]).toEqual(['styles 2', ['card anew']]);
  });

  it('is in the order of its messages, however they came', () => {
    const [a, b, c] = [picture(), picture(), picture()];
    const mixed = [b, c, a, b].map((p): ChatEvent => ({ type: 'picture', picture: p, album: 'a' }));
    const { state } = play([...mixed, { type: 'tick' }], { now: NOW + 5_000 }, START);
    const waiting = play(mixed);
    const done = play([{ type: 'tick' }], { now: NOW + 9_000 }, waiting.state);
    expect([done.state.content, ...done.state.styles]).toEqual([a, b, c]);
    expect(state.album?.parts).toHaveLength(3);
  });

  it('ends after three seconds even if it goes on', () => {
    const { state } = play(
      Array.from({ length: 9 }, () => sent('a')),
      {},
      START,
      500,
    );
    expect(wakeAt(state)).toBe(NOW + 500 + 3_000);
  });

  it('of one is a photo', () => {
    const one = play([sent('a')]);
    expect(play([tick], { now: NOW + 5_000 }, one.state).at).toBe('styles 0');
  });

  it('is complete when something else comes', () => {
    expect(play([...three, other]).said).toEqual(['card anew', 'say hintStyles']);
    expect(play([...three, sent('b')]).at).toBe('styles 2');
    expect(play([...three, sent()]).at).toBe('styles 3');
  });

  it('of styles only, when the photo is there', () => {
    const waiting = play([sent(), ...three]);
    expect(play([tick], { now: NOW + 5_000 }, waiting.state).at).toBe('styles 3');
  });
});

describe('silence', () => {
  it('puts a draft away after an hour, without a word', () => {
    const { state } = play(S1);
    const due = wakeAt(state)!;
    expect(due).toBe(NOW + 20 + 3_600_000);
    const end = play([{ type: 'tick' }], { now: due }, state);
    expect([end.at, end.said, wakeAt(end.state)]).toEqual(['idle', ['closeCard timedOut'], null]);
  });
});

describe('the buttons of a job', () => {
  const job: JobFacts = {
    id: 'abcdefghijkl',
    state: 'delivered',
    options: { ...DEFAULT_JOB_OPTIONS, network: 'both' },
    pictures: [picture(), picture(), picture()],
    hasFile: true,
    photoAsked: false,
  };
  it.each<[string, string, Partial<JobFacts>, string, readonly string[]]>([
    ['again', 'again', {}, 'options 2', ['answer -', 'card anew']],
    ['again, inputs deleted', 'again', { pictures: [] }, 'idle', ['answer gone']],
    ['as a photo', 'photo', {}, 'idle', ['answer sending', 'sendPhoto']],
    ['as a photo twice', 'photo', { photoAsked: true }, 'idle', ['answer already']],
    ['as a photo, too late', 'photo', { hasFile: false }, 'idle', ['answer gone']],
    ['cancel', 'x', { state: 'open' }, 'idle', ['answer cancelled', 'cancelJob']],
    ['cancel while painting', 'x', { state: 'running' }, 'idle', ['answer cancelled', 'cancelJob']],
    ['cancel too late', 'x', { state: 'uploaded' }, 'idle', ['answer stale', 'jobCard']],
    ['cancel twice', 'x', { state: 'cancelled' }, 'idle', ['answer stale', 'jobCard']],
  ])('%s', (_what, word, change, leadsTo, answer) => {
    const end = play([press(`${word}:abcdefghijkl`, 9)], { job: { ...job, ...change } });
    expect([end.at, end.said]).toEqual([leadsTo, answer]);
  });
});

describe('cards and stored states', () => {
  it('every step that awaits a press has a card with buttons of at most 64 bytes', () => {
    for (const lang of ['en', 'ru'] as const) {
      for (const events of [[sent()], S1, O1, [order('settings')]]) {
        const card = draftCard({ ...play(events).state, lang });
        const data = card?.keyboard?.flat().map((button) => ('data' in button ? button.data : ''));
        expect(data?.length).toBeGreaterThan(0);
        for (const one of data ?? []) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(64);
      }
    }
    expect(draftCard(START)).toBeNull();
  });

  it('every button on a card is known to the scenario', () => {
    for (const events of [S1, O1, [order('settings')]]) {
      const { state } = play(events);
      for (const button of draftCard(state)?.keyboard?.flat() ?? []) {
        const data = 'data' in button ? button.data : '';
        expect([data, play([press(data)], {}, state).said[0]]).not.toEqual([data, 'answer stale']);
      }
    }
  });

  it('reads what an older version stored', () => {
    expect(loadState('{}')).toEqual(START);
    expect(loadState('{"options":{"size":512}}').options).toEqual({
      ...DEFAULT_JOB_OPTIONS,
      size: 512,
    });
  });

  it('survives any order of events', () => {
    const pool = [
      sent(),
      sent('a'),
      sent('b'),
      other,
      order('new'),
      order('settings'),
      order('cancel'),
    ];
    const more = ['go', 's:done', 's:pop', 's:swap', 'x', 'o:close', 'm:b'].map((d) => press(d));
    const all = [...pool, ...more, { type: 'tick' } as const, { type: 'blocked' } as const];
    let state = START;
    for (let i = 0; i < 20_000; i++) {
      const event = all[(i * 7 + ((i * i) % 13)) % all.length]!;
      const around = { now: NOW + i * 300, cardMid: CARD, openJobs: 0, job: null };
      ({ state } = reduce(state, event, around));
      expect(state.styles.length).toBeLessThanOrEqual(5);
      if (state.step === 'options') expect(state.content).not.toBeNull();
      if (state.step === 'idle') expect(state.content).toBeNull();
    }
  });
});
