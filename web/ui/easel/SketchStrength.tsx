import { chooseSketchStrength, sketchStrength } from '../../studio/sketch/sketch.ts';
import { texts } from '../../texts/index.ts';
import { Slider } from '../kit/Slider.tsx';

/** How far a sketch goes towards the styles. */
export function SketchStrength() {
  const { easel: t, result } = texts.value;
  const text = result.percent(sketchStrength.value);
  return (
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
  );
}
