import { texts } from '../../texts/index.ts';
import { entries } from '../../studio/gallery/entries.ts';
import { exportAll, exporting } from '../../studio/gallery/exporting.ts';

/** All pictures as one file; while it is made, how far, and a way to stop. */
export function Export() {
  const t = texts.value.gallery;
  const { value: now } = exporting;
  const { value: all } = entries;
  if (now === null || now === 'failed') {
    return (
      <div class="export">
        {now && (
          <p class="fine" role="alert">
            {t.notExported}
          </p>
        )}
        <button
          type="button"
          class="verb"
          data-verb="export"
          onClick={() => Array.isArray(all) && void exportAll(all)}
        >
          {t.export}
        </button>
      </div>
    );
  }
  return (
    <div class="export">
      <progress class="bar" max={now.total} value={now.done} aria-label={t.export} />
      <p class="figures">{t.exporting(now.done, now.total)}</p>
      <button type="button" class="verb" onClick={now.cancel}>
        {t.cancel}
      </button>
    </div>
  );
}
