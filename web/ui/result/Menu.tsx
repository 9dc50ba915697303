import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly class: string;
  /** What the button shows. */
  readonly face: ComponentChildren;
  readonly items: readonly {
    readonly key: string;
    readonly label: string;
    readonly hint?: string;
    readonly act: () => void;
  }[];
}

/** A few further ways of doing what the button says; opens upwards, over the easel. */
export function Menu({ label, class: name, face, items }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (details.current) details.current.open = false;
  };
  const leave = ({ relatedTarget }: FocusEvent) => {
    if (!details.current?.contains(relatedTarget as Node | null)) close();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return;
    close();
    details.current.querySelector('summary')?.focus();
  };
  return (
    <details ref={details} class="menu" onFocusOut={leave} onKeyDown={press}>
      <summary class={name} aria-label={label} title={label}>
        {face}
      </summary>
      <div class="menu-items">
        {items.map(({ key, label, hint, act }) => (
          <button
            type="button"
            key={key}
            data-verb={key}
            onClick={() => {
              close();
              act();
            }}
          >
            {label}
            {hint && <small>{hint}</small>}
          </button>
        ))}
      </div>
    </details>
  );
}
