import { texts } from '../../texts/index.ts';
import { discard, goOn } from '../../studio/run/interrupted.ts';
import { running } from '../../studio/run/state.ts';
import { interrupted } from '../../studio/run/store.ts';

/** Offers to go on with what a reload, a crash or a closed tab interrupted. */
export function Unfinished() {
  const t = texts.value.unfinished;
  const { value: found } = interrupted;
  if (!found || running.value) return null;
  return (
    <div class="notice" role="status" data-offer="go-on">
      <div class="notice-text">
        <p>{t.title}</p>
        <p>{t.behind(found.steps, found.run.settings.steps)}</p>
      </div>
      <div class="verbs">
        <button type="button" class="verb" onClick={() => void discard(found.run)}>
          {t.discard}
        </button>
        <button type="button" class="verb strong" onClick={() => void goOn(found.run)}>
          {t.goOn}
        </button>
      </div>
    </div>
  );
}
