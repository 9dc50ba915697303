/** The language of the page: the person's choice, else the browser's first that there is. */
import { computed, effect, signal } from '@preact/signals-core';
import { recall, remember } from '../storage/memory.ts';
import { en, type Texts } from './en/index.ts';
import { ru } from './ru/index.ts';

const LANGUAGES = { en, ru } as const satisfies Record<string, Texts>;
export type Language = keyof typeof LANGUAGES;

/** A name in every language there is. */
export type Localized = Readonly<Record<Language, string>>;

const isLanguage = (code: string): code is Language => Object.hasOwn(LANGUAGES, code);

function firstLanguage(): Language {
  const wanted = [recall('language') ?? '', ...navigator.languages];
  return wanted.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

export const language = signal<Language>(firstLanguage());

/** The words of now. Reading it in a component redraws that component when the language changes. */
export const texts = computed<Texts>(() => LANGUAGES[language.value]);

export function speak(next: Language): void {
  language.value = next;
  remember('language', next);
}

effect(() => {
  document.documentElement.lang = language.value;
});
