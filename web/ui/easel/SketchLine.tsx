import { putAwaySketch } from '../../studio/sketch/sketch.ts';
import { texts } from '../../texts/index.ts';
import { Icon } from '../kit/Icon.tsx';
import { SketchStrength } from './SketchStrength.tsx';

/** Under the easel while there is a sketch on it: that it is one, how strong, and the way back. */
export function SketchLine() {
  const { easel: t } = texts.value;
  return (
    <div class="line sketched">
      <div class="row">
        <p class="fine">{t.sketchHint}</p>
        <SketchStrength />
        <button
          type="button"
          class="verb"
          aria-label={t.putAway}
          title={t.putAway}
          onClick={putAwaySketch}
        >
          <Icon name="close" />
        </button>
      </div>
    </div>
  );
}
