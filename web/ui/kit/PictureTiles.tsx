import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** Of a tile's picture, in CSS pixels. */
const SIDE = 88;

interface Props<T extends string> {
  readonly legend: ComponentChildren;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    /** A line about it, shown below when it is chosen. */
    readonly about: string;
    /** Address of its picture. */
    readonly picture: string;
  }[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

/** One of a few, each with a picture of what it does. */
export function PictureTiles<T extends string>({ legend, options, value, onChoose }: Props<T>) {
  const name = useId();
  return (
    <fieldset class="group">
      <legend>{legend}</legend>
      <div class="looks">
        {options.map((option) => (
          <label class="look" key={option.value} title={option.about}>
            <span class="tile">
              <input
                type="radio"
                name={name}
                value={option.value}
                checked={option.value === value}
                onChange={() => onChoose(option.value)}
              />
              <img src={option.picture} alt="" width={SIDE} height={SIDE} decoding="async" />
            </span>
            {option.label}
          </label>
        ))}
      </div>
      <p class="fine">{options.find((option) => option.value === value)?.about}</p>
    </fieldset>
  );
}
