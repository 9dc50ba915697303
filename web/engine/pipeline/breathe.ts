/** Node has it, browsers do not. */
const { setImmediate: immediate } = globalThis as { setImmediate?: (run: () => void) => void };

/**
 * Lets messages in (cancel, pause) between two steps, or tiles, of a backend that never waits. Node hears of signals
 * between two rounds of immediates; a timer that is due comes before them.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate) immediate(() => immediate(resolve));
    else setTimeout(resolve);
  });
}
