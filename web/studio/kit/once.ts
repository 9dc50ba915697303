import { effect } from '@preact/signals-core';

/** Resolves once the condition, which reads signals, holds; then it is not looked at any more. */
export function once(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!condition()) return;
      resolve();
      // An effect cannot be stopped while it is being made.
      queueMicrotask(() => stop());
    });
  });
}
