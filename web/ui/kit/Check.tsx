import { useId } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

interface Props {
  readonly label: string;
  /** One line of explanation under the label. */
  readonly hint?: ComponentChildren;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Yes or no. */
export function Check({ label, hint, checked, onChange }: Props) {
  const id = useId();
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        aria-describedby={hint ? id : undefined}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>
        {label}
        {hint && (
          <small class="fine" id={id}>
            {hint}
          </small>
        )}
      </span>
    </label>
  );
}
