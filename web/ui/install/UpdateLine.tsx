import { texts } from '../../texts/index.ts';
import { takeUpdate, updateOffered } from '../../studio/app/update.ts';

/** A new version is there. Who is busy need not answer. */
export function UpdateLine() {
  const t = texts.value.install;
  // The region is there before its words, or screen readers miss them.
  return (
    <div class="update" role="status">
      {updateOffered.value && (
        <>
          <span>{t.updateReady}</span>
          <button type="button" class="verb" data-verb="update" onClick={takeUpdate}>
            {t.reload}
          </button>
        </>
      )}
    </div>
  );
}
