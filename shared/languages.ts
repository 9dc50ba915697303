/** The languages that page and chat speak: their codes, and what they call themselves. */
export const LANGUAGES = { en: 'English', ru: 'Русский' } as const;

export type Language = keyof typeof LANGUAGES;
export const LANGUAGE_CODES = Object.keys(LANGUAGES) as readonly Language[];

/** A name in every language there is. */
export type Localized = Readonly<Record<Language, string>>;

export const isLanguage = (code: string): code is Language => Object.hasOwn(LANGUAGES, code);

/** The language of a tag such as `ru` or `en-GB`; null: none of ours. */
export function languageOf(tag: string): Language | null {
  const code = tag.slice(0, 2).toLowerCase();
  return isLanguage(code) ? code : null;
}

/** Something for each language. */
export const inEach = <T>(make: (language: Language) => T): Readonly<Record<Language, T>> =>
  Object.fromEntries(LANGUAGE_CODES.map((code) => [code, make(code)])) as Record<Language, T>;
