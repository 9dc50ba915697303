import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { photo, styles } from '../../studio/pictures/picked.ts';
import { expected } from '../../studio/run/estimate.ts';
import { origin } from '../../studio/run/wish.ts';
import { running } from '../../studio/run/state.ts';
import { size } from '../../studio/choices/choices.ts';
import { chosenNetworks, chosenUpscaler } from '../../studio/networks/networks.ts';
import { language, texts, type Localized } from '../../texts/index.ts';
import { Cramped } from './Cramped.tsx';
import { showAgain } from '../../studio/job/pictures.ts';
import { giveUp } from '../../studio/job/session.ts';
import { awaited, brought, cramped } from '../../studio/job/state.ts';

/** What came with the link, and what will be made of it; the choices are there for those who look for them. */
export function JobPanel({ children }: { readonly children: ComponentChildren }) {
  const { job: t, settings } = texts.value;
  const open = useSignal(false);
  const { seconds } = expected.value;
  const names = chosenNetworks.value.map(({ label }) => label).join(' + ');
  return (
    <>
      <section class="job-panel" aria-label={t.from}>
        {cramped.value && !running.value && <Cramped />}
        <h2 class="legend">{t.from}</h2>
        <div class="job-pictures">
          {photo.value && <Thumb {...photo.value} />}
          <span class="job-plus" aria-hidden="true">
            +
          </span>
          {styles.value.map(({ picture }) => (
            <Thumb key={picture.id} {...picture} />
          ))}
        </div>
        <p>{t.what(names, size.value, chosenUpscaler.value !== null)}</p>
        {seconds !== null && <p class="fine">{settings.about(seconds)}</p>}
        {origin.value !== brought.value?.id && (
          <p class="job-away">
            {t.otherPhoto}{' '}
            <button type="button" class="verb job-change" onClick={showAgain}>
              {t.backToPhoto}
            </button>
          </p>
        )}
      </section>
      <button
        type="button"
        class="verb job-change"
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        {t.change}
      </button>
      {open.value && (
        <>
          {children}
          {awaited.value && (
            <p class="fine">
              <button type="button" class="verb job-change" onClick={() => void giveUp()}>
                {t.giveUp}
              </button>
              {t.giveUpHint}
            </p>
          )}
        </>
      )}
    </>
  );
}

function Thumb({ url, title }: { readonly url: string; readonly title: Localized }) {
  return <img src={url} alt={title[language.value]} width="72" height="72" decoding="async" />;
}
