import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Slider } from './Slider.tsx';

interface Props {
  readonly label: string;
  /** The value, where the control itself does not show it. */
  readonly value?: string;
  readonly hint: string;
  readonly children: (ids: { readonly id: string; readonly hintId: string }) => ComponentChildren;
}

/** A control with its name above and one line of explanation below. */
export function Field({ label, value, hint, children }: Props) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="field">
      <div class="field-top">
        <label for={id}>{label}</label>
        {value !== undefined && <output for={id}>{value}</output>}
      </div>
      {children({ id, hintId })}
      <p class="fine" id={hintId}>
        {hint}
      </p>
    </div>
  );
}

interface AmountProps {
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly max: number;
  /** The leftmost place is 0. */
  readonly zero?: boolean;
  readonly whole?: boolean;
  readonly value: number;
  readonly text: (value: number) => string;
  readonly onInput: (value: number) => void;
}

const PLACES = 120;

/** A slider on which each place is so many percent more than the one before: weights and counts are felt by their ratio. */
export function Amount({ label, hint, value, text, onInput, ...range }: AmountProps) {
  return (
    <Field label={label} value={text(value)} hint={hint}>
      {({ id, hintId }) => (
        <Slider
          id={id}
          describedBy={hintId}
          min={0}
          max={PLACES}
          value={placeOf(value, range)}
          text={text(value)}
          onInput={(place) => onInput(valueAt(place, range))}
        />
      )}
    </Field>
  );
}

type Range = Pick<AmountProps, 'min' | 'max' | 'zero' | 'whole'>;

function placeOf(value: number, { min, max, zero }: Range): number {
  const first = zero ? 1 : 0;
  if (value < min) return zero && value === 0 ? 0 : first;
  const place = first + ((PLACES - first) * Math.log(value / min)) / Math.log(max / min);
  return Math.min(PLACES, Math.round(place));
}

function valueAt(place: number, { min, max, zero, whole }: Range): number {
  if (zero && place === 0) return 0;
  const first = zero ? 1 : 0;
  const value = min * (max / min) ** ((place - first) / (PLACES - first));
  const rounded = Number(value.toPrecision(2));
  return whole ? Math.round(rounded) : rounded;
}
