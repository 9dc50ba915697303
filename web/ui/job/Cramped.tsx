import { useSignal } from '@preact/signals';
import { texts } from '../../texts/index.ts';
import { jobLink, openInBrowser } from '../../studio/job/current.ts';

/** Inside Telegram without a GPU: the way to the person's own browser. The link is made when it is asked for. */
export function Cramped() {
  const t = texts.value.job;
  const told = useSignal<'copied' | 'refused' | null>(null);
  const copy = () => {
    told.value = copyText(jobLink()) ? 'copied' : 'refused';
  };
  return (
    <div class="job-cramped" role="note">
      <p>{t.cramped}</p>
      <p class="fine">{t.crampedAdvice}</p>
      <div class="verbs">
        <button type="button" class="verb strong" onClick={openInBrowser}>
          {t.openOutside}
        </button>
        <button type="button" class="verb" onClick={copy}>
          {t.copyLink}
        </button>
      </div>
      <p class="fine" role="status">
        {told.value && (told.value === 'copied' ? t.linkCopied : t.linkNotCopied)}
      </p>
    </div>
  );
}

/** The old way: frames and webviews often forbid the clipboard API, and this needs no element with the text in it. */
function copyText(text: string): boolean {
  let given = false;
  const give = (event: ClipboardEvent) => {
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
    given = event.clipboardData !== null;
  };
  document.addEventListener('copy', give, { once: true });
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const done = document.execCommand('copy');
  document.removeEventListener('copy', give);
  return done && given;
}
