import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Props<T extends string> {
  readonly legend: string;
  readonly class?: string;
  /** A word about the choice, beside the legend. */
  readonly note?: string;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly hint?: string;
  }[];
  readonly value: T | null;
  readonly onChoose: (value: T) => void;
  readonly disabled?: boolean;
  readonly children?: ComponentChildren;
}

/** One of a few, all in sight. */
export function Segments<T extends string>({
  legend,
  class: name = '',
  note,
  options,
  value,
  onChoose,
  disabled = false,
  children,
}: Props<T>) {
  const group = useId();
  return (
    <fieldset class={`group ${name}`} disabled={disabled}>
      <legend>
        {legend}
        {note && <span class="chosen">{note}</span>}
      </legend>
      <div class="segments">
        {options.map((option) => (
          <label class="segment" key={option.value}>
            <input
              type="radio"
              name={group}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span class="segment-label">
              {option.label}
              {option.hint && <small>{option.hint}</small>}
            </span>
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  );
}
