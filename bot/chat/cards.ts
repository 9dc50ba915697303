import { formatJobLink, type JobKey } from '../../shared/deeplink.ts';
import { PAUSED_AFTER, type JobOptions, type JobState } from '../../shared/job.ts';
import { LANGUAGE_CODES, LANGUAGES } from '../../shared/languages.ts';
import type { Button, Keyboard, OutgoingText } from './port.ts';
import type { Ask, ChatState } from './state.ts';
import { type Lang, TEXTS, networkName, say } from './texts.ts';

/** What a card tells of a job. Times are milliseconds since 1970, `eta` seconds. */
export interface ShownJob {
  readonly id: string;
  readonly lang: Lang;
  readonly state: JobState;
  readonly percent: number;
  readonly eta: number | null;
  readonly beat_at: number | null;
  readonly fail_code: string | null;
}

/** The draft's card as its state wants it; null when there is nothing to show. */
export function draftCard(state: ChatState): OutgoingText | null {
  const t = TEXTS[state.lang];
  const cancel: Button = { text: t.cancel, data: 'x' };
  switch (state.step) {
    case 'idle':
    case 'content':
      return null;
    case 'styles': {
      const n = state.styles.length;
      if (n === 0) return { text: t.cardFirstStyle, keyboard: [[cancel]] };
      return {
        text: say(state.lang, 'cardStyles', { n }),
        keyboard: [
          [{ text: t.done, data: 's:done' }],
          [
            { text: t.swap, data: 's:swap' },
            { text: t.pop, data: 's:pop' },
          ],
          [cancel],
        ],
      };
    }
    case 'options':
      return {
        text: say(state.lang, 'cardOptions', { n: t.styleCount(state.styles.length) }),
        keyboard: [
          ...choices(state),
          [{ text: t.go, data: 'go' }],
          [{ text: t.swap, data: 's:swap' }, cancel],
        ],
      };
    case 'settings':
      return {
        text: t.cardSettings,
        keyboard: [...choices(state), [{ text: t.close, data: 'o:close' }]],
      };
  }
}

function choices(state: ChatState): Keyboard {
  const t = TEXTS[state.lang];
  const { network, upscale, size, deliverAs } = state.options;
  const radio = (text: string, on: boolean, data: string) => ({
    text: on ? `• ${text}` : text,
    data,
  });
  return [
    [
      radio(networkName(state.lang, 'vgg'), network === 'vgg', 'm:v'),
      radio(networkName(state.lang, 'resnet'), network === 'resnet', 'm:r'),
      radio(networkName(state.lang, 'both'), network === 'both', 'm:b'),
    ],
    [
      radio('512', size === 512, 'z:5'),
      radio('768', size === 768, 'z:7'),
      radio('1024', size === 1024, 'z:1'),
    ],
    [{ text: upscale ? t.upscaleOn : t.upscaleOff, data: upscale ? 'q:0' : 'q:1' }],
    [
      radio(t.asDocument, deliverAs === 'document', 'd:f'),
      radio(t.asPhoto, deliverAs === 'photo', 'd:p'),
    ],
  ];
}

/** The card of a job as its row wants it. `key` is null when the link cannot be shown (any more). */
export function jobCard(
  job: ShownJob,
  key: JobKey | null,
  publicUrl: string,
  now: number,
): OutgoingText {
  const t = TEXTS[job.lang];
  const text = jobText(job, now);
  const cancel: Button = { text: t.cancel, data: `x:${job.id}` };
  const again: Button = { text: t.again, data: `again:${job.id}` };
  switch (job.state) {
    case 'open':
    case 'claimed':
    case 'running':
    case 'failed':
      return withLink(text, key, publicUrl, job.lang, cancel);
    case 'cancelled':
    case 'expired':
    case 'dead':
      return { text, keyboard: [[again]] };
    case 'uploaded':
    case 'delivered':
      return { text };
  }
}

function jobText(job: ShownJob, now: number): string {
  const t = TEXTS[job.lang];
  switch (job.state) {
    case 'open':
      return t.jobOpen;
    case 'claimed':
      return t.jobClaimed;
    case 'running':
      if (now - (job.beat_at ?? now) >= PAUSED_AFTER) {
        return say(job.lang, 'jobPaused', { percent: job.percent });
      }
      return (
        say(job.lang, 'jobRunning', { percent: job.percent }) +
        (job.eta === null
          ? ''
          : say(job.lang, 'jobEta', { minutes: Math.max(1, Math.round(job.eta / 60)) }))
      );
    case 'uploaded':
      return t.jobUploaded;
    case 'delivered':
      return t.jobDelivered;
    case 'failed':
      return t.jobFailed[job.fail_code as keyof typeof t.jobFailed];
    case 'cancelled':
      return t.jobCancelled;
    case 'expired':
      return t.jobExpired;
    case 'dead':
      return t.jobDead;
  }
}

/** Telegram refuses buttons to this very machine and Mini Apps without https: there the link is text. */
function withLink(
  text: string,
  key: JobKey | null,
  publicUrl: string,
  lang: Lang,
  cancel: Button,
): OutgoingText {
  if (key === null) return { text, keyboard: [[cancel]] };
  const t = TEXTS[lang];
  const link = formatJobLink(publicUrl, key);
  if (isThisMachine(publicUrl)) return { text: `${text}\n\n${link}`, keyboard: [[cancel]] };
  const open: Keyboard = [[{ text: t.open, url: link }]];
  const here: Keyboard = link.startsWith('https:') ? [[{ text: t.openHere, webApp: link }]] : [];
  return { text, keyboard: [...open, ...here, [cancel]] };
}

function isThisMachine(publicUrl: string): boolean {
  const { hostname } = new URL(publicUrl);
  return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]';
}

/** The buttons under a delivered picture. */
export function pictureKeyboard(job: ShownJob, options: JobOptions): Keyboard {
  const t = TEXTS[job.lang];
  const again: Button = { text: t.again, data: `again:${job.id}` };
  if (options.deliverAs === 'photo') return [[again]];
  return [[again, { text: t.asPhoto, data: `photo:${job.id}` }]];
}

export function pictureCaption(job: ShownJob, options: JobOptions): string {
  return say(job.lang, 'caption', { network: networkName(job.lang, options.network) });
}

export function askKeyboard(ask: Ask, lang: Lang): Keyboard {
  if (ask === 'forget') return [[{ text: TEXTS[lang].forgetYes, data: 'forget' }]];
  return [LANGUAGE_CODES.map((code) => ({ text: LANGUAGES[code], data: `l:${code}` }))];
}
