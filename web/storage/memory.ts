/** Small things remembered between visits. Storage may be forbidden or full: then nothing is remembered. */
const PREFIX = 'restyle.';

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Private windows: the page works all the same.
  }
}
