import { texts } from '../../texts/index.ts';
import { Slider } from './Slider.tsx';

interface StrengthProps {
  /** What it is the strength of. */
  readonly label: string;
  /** Percent. */
  readonly value: number;
  readonly onInput: (value: number) => void;
}

/** How far towards the styles. */
export function StrengthSlider({ label, value, onInput }: StrengthProps) {
  const { result: t } = texts.value;
  const text = t.percent(value);
  return (
    <div class="strength">
      <span aria-hidden="true">{t.strength}</span>
      <Slider label={label} min={0} max={100} value={value} text={text} onInput={onInput} />
      <output>{text}</output>
    </div>
  );
}
