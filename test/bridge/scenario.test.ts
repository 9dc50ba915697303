/** The conversation as a table: what somebody does, where that leads, what is said. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_JOB_OPTIONS } from '../../shared/job.ts';
import type { ChatEvent, ChatState } from '../../bot/chat/state.ts';
import { TEXTS } from '../../bot/chat/texts.ts';
import { O1, S1, order, other, picture, play, press, sent } from './kit/scenario.ts';

const six = Array.from({ length: 7 }, () => sent());

describe('the scenario', () => {
  it.each<[string, readonly ChatEvent[], string, readonly string[]]>([
    // what was done                    the events                        leads to      and is answered
    ['a photo', [sent()], 'styles 0', ['card anew']],
    ['a photo and a style', S1, 'styles 1', ['card anew']],
    ['five styles', six.slice(0, 6), 'styles 5', ['card anew']],
    ['a sixth style', six, 'styles 5', ['say maxStyles', 'card anew']],
    ['done', O1, 'options 1', ['answer -', 'card']],
    ['done without a style', [sent(), press('s:done')], 'styles 0', ['answer needStyle']],
    ['swap', [...S1, press('s:swap')], 'styles 1', ['answer -', 'card']],
    ['swap without a style', [sent(), press('s:swap')], 'styles 0', ['answer -', 'card']],
    ['the last style removed', [...S1, press('s:pop')], 'styles 0', ['answer -', 'card']],
    ['removed at the choices', [...O1, press('s:pop')], 'styles 0', ['answer -', 'card']],
    ['one more at the choices', [...O1, sent()], 'options 2', ['card anew']],
    ['a choice', [...O1, press('m:r')], 'options 1', ['answer -', 'card']],
    ['a choice too early', [...S1, press('m:r')], 'styles 1', ['answer stale', 'card']],
    ['go', [...O1, press('go')], 'idle', ['answer -', 'createJob']],
    ['go twice', [...O1, press('go'), press('go')], 'idle', ['answer stale']],
    ['go too early', [...S1, press('go')], 'styles 1', ['answer stale', 'card']],
    ['cancel by button', [...O1, press('x')], 'idle', ['answer cancelled', 'closeCard cancelled']],
    ['cancel by word', [...O1, order('cancel')], 'idle', ['closeCard cancelled', 'say cancelled']],
    ['nothing to cancel', [order('cancel')], 'idle', ['say nothingToCancel']],
    ['an old button', [...S1, press('s:done', 3)], 'styles 1', ['answer stale', 'card']],
    ['a button of nothing', [press('s:done')], 'idle', ['answer stale']],
    ['an unknown button', [...S1, press('hack')], 'styles 1', ['answer stale']],
    ['a button called constructor', [press('constructor')], 'idle', ['answer stale']],
    ['an empty button', [press('')], 'idle', ['answer stale']],
    ['start', [order('start')], 'idle', ['say start']],
    ['start in the middle', [...S1, order('start')], 'styles 1', ['say start']],
    ['help', [order('help')], 'idle', ['say help']],
    ['privacy', [order('privacy')], 'idle', ['say privacy']],
    ['an unknown command', [order('toString')], 'idle', ['say help']],
    ['new', [order('new')], 'content', ['closeCard cancelled', 'say askContent']],
    [
      'new in the middle',
      [...O1, order('new')],
      'content',
      ['closeCard cancelled', 'say askContent'],
    ],
    ['a photo after new', [order('new'), sent()], 'styles 0', ['card anew']],
    ['settings', [order('settings')], 'settings', ['card anew']],
    [
      'settings closed',
      [order('settings'), press('o:close')],
      'idle',
      ['answer -', 'closeCard kept'],
    ],
    ['settings in the middle', [...S1, order('settings')], 'settings', ['card anew']],
    ['and back', [...S1, order('settings'), press('o:close')], 'styles 1', ['answer -', 'card']],
    [
      'settings twice',
      [...S1, order('settings'), order('settings'), press('o:close')],
      'styles 1',
      ['answer -', 'card'],
    ],
    ['a photo at the settings', [...S1, order('settings'), sent()], 'styles 2', ['card anew']],
    ['language', [order('lang')], 'idle', ['say langAsk']],
    ['language by word', [order('lang', 'ru')], 'idle', ['say langSet']],
    ['language by button', [press('l:ru', 4)], 'idle', ['answer -', 'say langSet']],
    ['forget', [order('forget')], 'idle', ['say forgetAsk']],
    ['forget confirmed', [press('forget', 4)], 'idle', ['answer -', 'forget', 'say forgotten']],
    ['a sticker, nothing begun', [other], 'idle', ['say hintIdle']],
    ['a sticker for a photo', [order('new'), other], 'content', ['say askContent']],
    ['a sticker for a style', [sent(), other], 'styles 0', ['say hintStyles']],
    ['a sticker at the choices', [...O1, other], 'options 1', ['say hintOptions']],
    ['a sticker at the settings', [order('settings'), other], 'settings', ['say hintSettings']],
    ['a file of 30 MB', [{ type: 'refused', why: 'tooBig', mid: 1 }], 'idle', ['say tooBig']],
    [
      'a HEIC',
      [sent(), { type: 'refused', why: 'badFormat', mid: 1 }],
      'styles 0',
      ['say badFormat'],
    ],
    ['a command in a group', [{ type: 'group', command: true }], 'idle', ['say privateOnly']],
    ['talk in a group', [{ type: 'group', command: false }], 'idle', []],
    ['a block', [...O1, { type: 'blocked' }], 'idle', ['block']],
    ['a job of somebody else', [press('again:abcdefghijkl')], 'idle', ['answer gone']],
  ])('%s', (_what, events, leadsTo, answer) => {
    const end = play(events);
    expect([end.at, end.said]).toEqual([leadsTo, answer]);
  });

  it('swaps photo and styles in a circle', () => {
    const { state } = play([sent(), sent(), sent()]);
    const names = (s: ChatState) => [s.content, ...s.styles].map((one) => one?.fileId);
    const [a, b, c] = names(state);
    expect(names(play([press('s:swap')], {}, state).state)).toEqual([b, c, a]);
  });

  it('warns of a small picture and takes it', () => {
    const small: ChatEvent = { type: 'picture', picture: picture(255), album: null };
    expect(play([small]).said).toEqual(['say small', 'card anew']);
  });

  it.each([
    ['m:v', { network: 'vgg' }],
    ['m:r', { network: 'resnet' }],
    ['m:b', { network: 'both' }],
    ['q:1', { upscale: true }],
    ['z:5', { size: 512 }],
    ['z:1', { size: 1024 }],
    ['d:p', { deliverAs: 'photo' }],
  ])('%s is kept for the job and for later', (data, change) => {
    const chosen = { ...DEFAULT_JOB_OPTIONS, ...change };
    const { state, effects } = play([...O1, press(data), press('go')]);
    expect(effects.at(-1)).toMatchObject({ do: 'createJob', options: chosen });
    expect(state.options).toEqual(chosen);
  });

  it('does not open a fourth job', () => {
    const end = play([...O1, press('go')], { openJobs: 3 });
    expect([end.at, end.said]).toEqual(['options 1', ['answer tooManyJobs']]);
  });

  it('cancels open jobs when nothing else is going on', () => {
    expect(play([order('cancel')], { openJobs: 2 }).said).toEqual([
      'cancelAllJobs',
      'say cancelled',
    ]);
  });

  it('knows its languages', () => {
    expect(play([order('lang', 'ru')]).state).toMatchObject({ lang: 'ru', langChosen: true });
    expect(Object.keys(TEXTS.ru)).toEqual(Object.keys(TEXTS.en));
  });
});
