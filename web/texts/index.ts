/** The language of the page: the person's choice, else the browser's first that there is. */
import { computed, effect, signal } from '@preact/signals-core';
import { languageOf, type Language, type Localized } from '../../shared/languages.ts';
import { recall, remember } from '../storage/memory.ts';
import { en, type Texts } from './en/index.ts';
import { ru } from './ru/index.ts';

export type { Language, Localized, Texts };

/** Every word of the page in every language. */
export const WORDS = { en, ru } as const satisfies Record<Language, Texts>;

function firstLanguage(): Language {
  const wanted = [recall('language') ?? '', ...navigator.languages];
  return wanted.map(languageOf).find((found) => found !== null) ?? 'en';
}

export const language = signal<Language>(firstLanguage());

/** The words of now. Reading it in a component redraws that component when the language changes. */
export const texts = computed<Texts>(() => WORDS[language.value]);

export function speak(next: Language): void {
  language.value = next;
  remember('language', next);
}

effect(() => {
  document.documentElement.lang = language.value;
});
