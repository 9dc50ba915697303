interface Props {
  readonly id?: string;
  /** Where no <label> names it. */
  readonly label?: string;
  readonly describedBy?: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly value: number;
  /** The value in words. */
  readonly text: string;
  readonly onInput: (value: number) => void;
}

/** A range whose filled part CSS can show. */
export function Slider({
  id,
  label,
  describedBy,
  min,
  max,
  step = 1,
  value,
  text,
  onInput,
}: Props) {
  return (
    <input
      id={id}
      class="slider"
      type="range"
      aria-label={label}
      aria-describedby={describedBy}
      aria-valuetext={text}
      min={min}
      max={max}
      step={step}
      value={value}
      style={{ '--at': (value - min) / (max - min) }}
      onInput={({ currentTarget }) => onInput(Number(currentTarget.value))}
    />
  );
}
