import { useState } from 'preact/hooks';
import { readSetting, rowOf, type Control, type Field as Name } from '../../../shared/settings.ts';
import { change, settings } from '../../studio/choices/choices.ts';
import { texts } from '../../texts/index.ts';
import { Check } from '../kit/Check.tsx';
import { Amount, Field } from '../kit/Field.tsx';
import { Icon } from '../kit/Icon.tsx';
import { Segments } from '../kit/Segments.tsx';

/** More do not fit side by side. */
const MOST_SEGMENTS = 3;

interface Words {
  readonly label: string;
  readonly hint: string;
  readonly options?: Readonly<Record<string, string>>;
}
interface Of<K extends Control['kind']> {
  readonly name: Name;
  readonly control: Extract<Control, { readonly kind: K }>;
  readonly words: Words;
}

const set = (name: Name, value: unknown) => change({ [name]: value });

/** The control that a setting's row asks for, with its name and one line of explanation. */
export function Setting({ name }: { readonly name: Name }) {
  const { control } = rowOf(name);
  const words: Words = texts.value.fields[name];
  switch (control.kind) {
    case 'slider':
      return <Sliding name={name} control={control} words={words} />;
    case 'number':
      return <Typed name={name} words={words} {...(control.dice && { dice: control.dice })} />;
    case 'text':
      return <Typed name={name} words={words} />;
    case 'choice':
      return <Choice name={name} control={control} words={words} />;
    case 'switch':
      return (
        <Check
          label={words.label}
          hint={words.hint}
          checked={settings.value[name] === true}
          onChange={(on) => set(name, on)}
        />
      );
    case 'own':
      return null;
  }
}

function Sliding({ name, control, words: { label, hint } }: Of<'slider'>) {
  const { settings: t, locale } = texts.value;
  const { min, max, zero = false, whole = false, unit } = control;
  const text = (value: number) => {
    if (value === 0) return t.off;
    const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value);
    return unit ? `${number}\u00a0×` : number;
  };
  return (
    <Amount
      label={label}
      hint={hint}
      min={min}
      max={max}
      zero={zero}
      whole={whole}
      value={settings.value[name] as number}
      text={text}
      onInput={(value) => set(name, value)}
    />
  );
}

function Choice({
  name,
  control: { options },
  words: { label, hint, options: of = {} },
}: Of<'choice'>) {
  const value = settings.value[name] as string;
  if (options.length <= MOST_SEGMENTS) {
    return (
      <Segments
        class="minor"
        legend={label}
        options={options.map((option) => ({ value: option, label: of[option]! }))}
        value={value}
        onChoose={(option) => set(name, option)}
      >
        <p class="fine">{hint}</p>
      </Segments>
    );
  }
  return (
    <Field label={label} hint={hint}>
      {({ id, hintId }) => (
        <select
          id={id}
          aria-describedby={hintId}
          value={value}
          onChange={({ currentTarget }) => set(name, currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option} value={option}>
              {of[option]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface TypedProps {
  readonly name: Name;
  readonly words: Words;
  /** Draws a whole number below. */
  readonly dice?: number;
}

/** Typed in as on the command line. What cannot be changes nothing, and is gone when the field is left. */
function Typed({ name, words: { label, hint }, dice }: TypedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const { control } = rowOf(name);
  const numeric = control.kind === 'number';
  const value = rowOf(name).write(settings.value[name]);
  // Many write decimals with a comma.
  const found = (text: string) => readSetting(name, numeric ? text.replace(',', '.') : text);
  const type = (text: string) => {
    setDraft(text);
    const next = found(text);
    if (next !== undefined) set(name, next);
  };
  return (
    <Field label={label} hint={hint}>
      {({ id, hintId }) => (
        <div class="beside">
          <input
            id={id}
            class="text"
            inputMode={numeric && !control.auto ? 'decimal' : 'text'}
            autocomplete="off"
            spellcheck={false}
            value={draft ?? value}
            aria-describedby={hintId}
            aria-invalid={draft !== null && found(draft) === undefined}
            onInput={({ currentTarget }) => type(currentTarget.value)}
            onBlur={() => setDraft(null)}
          />
          {dice !== undefined && (
            <button
              type="button"
              class="verb"
              onClick={() => set(name, Math.floor(Math.random() * dice))}
            >
              <Icon name="dice" />
              {texts.value.settings.roll}
            </button>
          )}
        </div>
      )}
    </Field>
  );
}
