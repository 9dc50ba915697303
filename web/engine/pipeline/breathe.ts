/** Lets messages in (cancel, pause) between two steps, or tiles, of a backend that never waits. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
