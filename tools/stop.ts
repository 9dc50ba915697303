/** Ctrl-C and its relatives: the work under way ends in good order, and the exit code says that it was stopped. */

/** 128 + the signal's number, as shells have it. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** npm passes on what the terminal has sent already: signals so close together are one press. */
const ONE_PRESS = 1000;

/** Aborted by the first signal. One that comes later than that ends the process at once. */
export function stopSignal(): AbortSignal {
  const abort = new AbortController();
  let first = Infinity;
  for (const [signal, code] of Object.entries(CODES)) {
    process.on(signal, () => {
      if (performance.now() - first > ONE_PRESS) process.exit(code);
      if (abort.signal.aborted) return;
      first = performance.now();
      process.exitCode = code;
      abort.abort();
    });
  }
  return abort.signal;
}
