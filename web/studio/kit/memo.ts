/** Promises that are kept so that the same is not done twice. One that is rejected is forgotten, so that the next call tries again. */
export class Memo<K, T> {
  readonly #known = new Map<K, Promise<T>>();
  readonly #most: number;

  /** With more than `most` it begins afresh. */
  constructor(most = Infinity) {
    this.#most = most;
  }

  get(key: K, make: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= this.#most) this.#known.clear();
    const made = make();
    this.#known.set(key, made);
    made.catch(() => {
      if (this.#known.get(key) === made) this.#known.delete(key);
    });
    return made;
  }
}
