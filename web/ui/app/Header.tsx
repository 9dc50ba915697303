import { GalleryVerb } from '../gallery/GalleryVerb.tsx';
import { InstallVerb } from '../install/InstallVerb.tsx';
import { LANGUAGE_CODES, LANGUAGES } from '../../../shared/languages.ts';
import { language, speak, texts } from '../../texts/index.ts';

export function Header() {
  const t = texts.value;
  return (
    <header class="top">
      <h1 class="wordmark">
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M6 21C6 11 13 5 22 6c5 .6 6 5 2 6.5-5 1.8-9 3-8.5 7 .4 3.5 4.5 3.5 8 2" />
        </svg>
        {t.title}
      </h1>
      <InstallVerb />
      <GalleryVerb />
      <div class="languages" role="group" aria-label={t.language}>
        {LANGUAGE_CODES.map((code) => (
          <button
            type="button"
            key={code}
            lang={code}
            aria-label={`${code.toUpperCase()}, ${LANGUAGES[code]}`}
            aria-pressed={language.value === code}
            onClick={() => speak(code)}
          >
            {code.toUpperCase()}
          </button>
        ))}
      </div>
    </header>
  );
}
