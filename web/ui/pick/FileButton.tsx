import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { take, type Role } from './picked.ts';

const ACCEPT = 'image/*,.heic,.heif';

interface Props {
  readonly role: Role;
  readonly label: string;
  readonly class: string;
  readonly children: ComponentChildren;
}

/** A button that opens the system's own way of choosing a picture; on a phone that includes the camera. */
export function FileButton({ role, label, class: name, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const picked = () => {
    const file = input.current?.files?.[0];
    if (file) void take(file, role);
    // The same file chosen again must be a change again.
    if (input.current) input.current.value = '';
  };
  return (
    <>
      <button
        type="button"
        class={name}
        aria-label={label}
        title={label}
        onClick={() => input.current?.click()}
      >
        {children}
      </button>
      <input
        ref={input}
        type="file"
        accept={ACCEPT}
        hidden
        tabIndex={-1}
        aria-label={label}
        data-file={role}
        onChange={picked}
      />
    </>
  );
}
