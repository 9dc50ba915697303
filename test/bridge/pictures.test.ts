import { expect, it } from 'vitest';
import { readUpdate } from '../../bot/telegram/updates.ts';
import { TEXTS } from '../../bot/chat/texts.ts';
import { FORMATS, isFormat, sniff, TRIED } from '../../shared/pictures/formats.ts';
import { FIXTURES } from '../fixtures/pictures/table.ts';

const person = { id: 7, is_bot: false };
const eventOf = (mime: string) =>
  readUpdate(
    {
      update_id: 1,
      message: {
        message_id: 2,
        chat: { id: 7, type: 'private' },
        from: person,
        document: { file_id: 'file', mime_type: mime },
      },
    },
    'bot',
  )?.event.type;

const typeOf = (kind: string): string =>
  (({ ...FORMATS, ...TRIED }) as Readonly<Record<string, { readonly type: string }>>)[kind]?.type ??
  'application/octet-stream';

it.each(FIXTURES.map(({ name, bytes }) => [name, sniff(bytes).kind] as const))(
  'a file like %s is taken in the chat as on the page',
  (_name, kind) => {
    expect(eventOf(typeOf(kind))).toBe(isFormat(kind) ? 'picture' : 'refused');
  },
);

it.each(['en', 'ru'] as const)('names the formats it reads (%s)', (lang) => {
  for (const { label } of Object.values(FORMATS)) {
    expect(TEXTS[lang].help).toContain(label);
    expect(TEXTS[lang].badFormat).toContain(label);
  }
});
