import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Role } from '../../studio/pictures/picked.ts';
import { receive } from '../../studio/inbox/receive.ts';

const ACCEPT = 'image/*,.heic,.heif';

interface Props {
  readonly role: Role;
  readonly label: string;
  readonly class: string;
  /** Open the camera itself, where there is one. */
  readonly camera?: boolean;
  readonly children: ComponentChildren;
}

/** A button that opens the system's own way of choosing pictures. */
export function FileButton({ role, label, class: name, camera = false, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const picked = () => {
    const files = [...(input.current?.files ?? [])];
    if (files.length > 0) void receive(files, role);
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
        accept={camera ? 'image/*' : ACCEPT}
        hidden
        tabIndex={-1}
        aria-label={label}
        data-file={camera ? 'camera' : role}
        {...(camera ? { capture: 'environment' as const } : { multiple: true })}
        onChange={picked}
      />
    </>
  );
}
