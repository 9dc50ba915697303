/** Web Locks, where there are any: browsers have them on safe addresses only. */
const { locks } = navigator as Partial<typeof navigator>;

/** Names that some tab or the service worker holds. */
export async function heldNames(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await locks?.query().catch(() => null)) ?? {};
  return new Set(held.map(({ name }) => name ?? ''));
}

/** Of all tabs and the service worker one at a time. */
export function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  return locks ? locks.request(name, act) : act();
}

export interface Turn {
  /** Another tab has taken it over. */
  onLost(listener: () => void): void;
  release(): void;
}

/** Holds a name for this tab. Where another tab has it: null, or it is taken away. */
export async function hold(name: string, how: 'ask' | 'take'): Promise<Turn | null> {
  let release: () => void = () => undefined;
  let lost: () => void = () => undefined;
  const turn: Turn = { onLost: (listener) => (lost = listener), release: () => release() };
  if (!locks) return turn;
  return await new Promise((resolve) => {
    const options = { ifAvailable: how === 'ask', steal: how === 'take' };
    locks
      .request(name, options, (lock) => {
        resolve(lock && turn);
        return lock ? new Promise<void>((done) => (release = done)) : undefined;
      })
      .catch(() => {
        lost();
        // Never had, as where the browser forbids locks: then as without them.
        resolve(turn);
      });
  });
}
