import { chooseSketchStrength, sketchStrength } from '../../studio/sketch/sketch.ts';
import { texts } from '../../texts/index.ts';
import { StrengthSlider } from '../kit/StrengthSlider.tsx';

/** How far a sketch goes towards the styles. */
export function SketchStrength() {
  return (
    <StrengthSlider
      label={texts.value.easel.sketchStrength}
      value={sketchStrength.value}
      onInput={chooseSketchStrength}
    />
  );
}
