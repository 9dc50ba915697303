import { LEFT } from '../../../shared/mask.ts';
import { photo } from '../../studio/pictures/picked.ts';
import { clear, editing, mask } from '../../studio/regions/regions.ts';
import { running } from '../../studio/run/state.ts';
import { putAwaySketch } from '../../studio/sketch/sketch.ts';
import { texts } from '../../texts/index.ts';
import { Icon } from '../kit/Icon.tsx';

/** Whether the styles go everywhere, and the way to the board where that is painted. */
export function Regions() {
  const { regions: t } = texts.value;
  const { value: now } = mask;
  const toggle = () => {
    if (!editing.value) putAwaySketch();
    editing.value = !editing.value;
  };
  return (
    <fieldset class="group regions">
      <legend>
        {t.legend}
        <span class="chosen">{now ? t.some(now.labels.includes(LEFT)) : t.none}</span>
      </legend>
      <div class="verbs">
        <button
          type="button"
          class="verb"
          data-verb="regions"
          aria-pressed={editing.value}
          disabled={!photo.value || running.value}
          onClick={toggle}
        >
          <Icon name="brush" />
          {now ? t.change : t.begin}
        </button>
        {now && (
          <button type="button" class="verb" onClick={clear} disabled={running.value}>
            {t.clear}
          </button>
        )}
      </div>
      {!now && <p class="fine">{t.hint}</p>}
    </fieldset>
  );
}
