import { signal } from '@preact/signals';
import { Field } from '../kit/Field.tsx';
import { Icon } from '../kit/Icon.tsx';
import { texts } from '../../texts/index.ts';
import { changed, reset, settings, chooseSettings } from '../../studio/choices/choices.ts';
import { isUnread, read, write, type Unread } from '../../studio/choices/exchange.ts';

/** The text that is being handed over; null while nobody does. */
const text = signal<string | null>(null);
const answer = signal<'copied' | 'taken' | Unread | null>(null);

async function copy(): Promise<void> {
  const json = write(settings.value);
  try {
    await navigator.clipboard.writeText(json);
    answer.value = 'copied';
  } catch {
    // No access to the clipboard: then by hand.
    text.value = json;
  }
}

function apply(): void {
  const found = read(text.value ?? '', settings.value);
  if (isUnread(found)) {
    answer.value = found;
    return;
  }
  chooseSettings(found);
  text.value = null;
  answer.value = 'taken';
}

function open(): void {
  text.value = text.value === null ? '' : null;
  answer.value = null;
}

/** Copy, paste, and back to what the look says. */
export function Exchange() {
  const t = texts.value.settings;
  return (
    <div class="exchange">
      <div class="verbs">
        <button type="button" class="verb" onClick={() => void copy()}>
          <Icon name="copy" />
          {t.copy}
        </button>
        <button type="button" class="verb" aria-expanded={text.value !== null} onClick={open}>
          {t.paste}
        </button>
        <button type="button" class="verb" disabled={changed.value === 0} onClick={reset}>
          <Icon name="back" />
          {t.reset}
        </button>
      </div>
      {text.value !== null && <Paste value={text.value} />}
      <Answer />
    </div>
  );
}

function Paste({ value }: { readonly value: string }) {
  const t = texts.value.settings;
  return (
    <>
      <Field label={t.pasteLabel} hint={t.pasteHint}>
        {({ id, hintId }) => (
          <textarea
            id={id}
            class="text"
            rows={6}
            spellcheck={false}
            autocomplete="off"
            aria-describedby={hintId}
            value={value}
            onInput={({ currentTarget }) => (text.value = currentTarget.value)}
          />
        )}
      </Field>
      <button type="button" class="verb strong" disabled={value.trim() === ''} onClick={apply}>
        {t.apply}
      </button>
    </>
  );
}

/** Always there, so that screen readers hear it change. */
function Answer() {
  const t = texts.value.settings;
  const { value: now } = answer;
  if (now === null || typeof now === 'string') {
    return (
      <p class="fine" role="status">
        {now && t[now]}
      </p>
    );
  }
  return (
    <p class="refused" role="alert">
      {reasonOf(now)} {t.kept}
    </p>
  );
}

function reasonOf(unread: Unread): string {
  const t = texts.value.settings.unread;
  switch (unread.why) {
    case 'name':
      return t.name(unread.field);
    case 'value':
      return t.value(unread.field, unread.value);
    default:
      return t[unread.why];
  }
}
