import { chooseSketchStrength, putAwaySketch, sketchStrength } from '../../studio/sketch/sketch.ts';
import { texts } from '../../texts/index.ts';
import { Icon } from '../kit/Icon.tsx';
import { Slider } from '../kit/Slider.tsx';

/** Under the easel while there is a sketch on it: that it is one, how strong, and the way back. */
export function SketchLine() {
  const { easel: t, result } = texts.value;
  const text = result.percent(sketchStrength.value);
  return (
    <div class="line sketched">
      <div class="row">
        <p class="fine">{t.sketchHint}</p>
        <div class="strength">
          <span aria-hidden="true">{result.strength}</span>
          <Slider
            label={t.sketchStrength}
            min={0}
            max={100}
            value={sketchStrength.value}
            text={text}
            onInput={chooseSketchStrength}
          />
          <output>{text}</output>
        </div>
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
