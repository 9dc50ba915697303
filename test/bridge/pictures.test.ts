import { expect, it } from 'vitest';
import { readUpdate } from '../../bot/telegram/updates.ts';
import { say, TEXTS } from '../../bot/chat/texts.ts';
import { RefusedPicture } from '../../shared/pictures/refusal.ts';
import { PICTURE_WORDS, whyRefused } from '../../shared/pictures/words.ts';
import { FORMATS, isFormat, sniff, TRIED } from '../../shared/pictures/formats.ts';
import { FIXTURES } from '../fixtures/pictures/table.ts';

const person = { id: 7, is_bot: false };
const eventOf = (mime: string, name?: string) =>
  readUpdate(
    {
      update_id: 1,
      message: {
        message_id: 2,
        chat: { id: 7, type: 'private' },
        from: person,
        document: { file_id: 'file', mime_type: mime, ...(name && { file_name: name }) },
      },
    },
    'bot',
  )?.event;

const typeOf = (kind: string): string =>
  (({ ...FORMATS, ...TRIED }) as Readonly<Record<string, { readonly type: string }>>)[kind]?.type ??
  'application/octet-stream';

it.each(FIXTURES.map(({ name, bytes }) => [name, sniff(bytes).kind] as const))(
  'a file like %s is taken in the chat as on the page',
  (_name, kind) => {
    expect(eventOf(typeOf(kind))?.type).toBe(isFormat(kind) ? 'picture' : 'refused');
  },
);

it.each(['en', 'ru'] as const)('names the formats it reads (%s)', (lang) => {
  for (const { label } of Object.values(FORMATS)) {
    expect(TEXTS[lang].help).toContain(label);
    expect(TEXTS[lang].badFormat).toContain(label);
  }
});

const TYPES = {
  heic: 'image/heic',
  jxl: 'image/jxl',
  svg: 'image/svg+xml',
  video: 'video/mp4',
  text: 'text/plain',
} as const;

it.each(
  FIXTURES.flatMap(({ name, outcome }) => (isKnown(outcome) ? [[name, outcome] as const] : [])),
)('%s is refused in the words of the page', (name, kind) => {
  const event = eventOf(TYPES[kind], name);
  expect(event).toMatchObject({ type: 'refused', why: kind, name });
  for (const lang of ['en', 'ru'] as const) {
    const words = PICTURE_WORDS[lang];
    const why = whyRefused(words, name, new RefusedPicture(kind));
    expect(say(lang, kind, { name })).toBe(`${why} ${words.advice[kind]}`);
  }
});

function isKnown(outcome: unknown): outcome is keyof typeof TYPES {
  return typeof outcome === 'string' && outcome in TYPES;
}
