import { texts } from '../../texts/index.ts';
import { thin } from '../../studio/run/thin.ts';
import { sameWish, wanted } from '../../studio/run/wish.ts';
import { machine } from '../../studio/run/machine.ts';
import { finished, outdated, running } from '../../studio/run/state.ts';

/** The one button. While painting it is quiet, until another choice gives it something to offer. */
export function Action() {
  const t = texts.value.run;
  if (running.value && !outdated.value) {
    return (
      <button type="button" class="action quiet" disabled>
        {t.painting}
      </button>
    );
  }
  // What is on the easel is just this, so the verbs beside it matter more.
  const again = finished.value !== null && sameWish(finished.value.wish, wanted.value);
  return (
    <button
      type="button"
      class={again ? 'action again' : 'action'}
      disabled={wanted.value === null || thin.value !== null}
      onClick={() => (running.value ? void machine.restart() : machine.repaint())}
    >
      {running.value ? t.restart : t.repaint}
    </button>
  );
}
