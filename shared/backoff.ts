/** Milliseconds to wait before try `tries + 1` (`tries` >= 1 have failed): `first`, doubled each time, at most `longest`. */
export function backoff(tries: number, first: number, longest: number): number {
  return Math.min(first * 2 ** Math.min(tries - 1, 30), longest);
}
