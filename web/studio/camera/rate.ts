/** How often something really happens, over the last few times. */
export class Rate {
  static readonly KEPT = 8;
  #times: number[] = [];

  /** `now`: milliseconds. Times a second; null before the second time. */
  note(now: number): number | null {
    this.#times = [...this.#times, now].slice(-Rate.KEPT);
    const [first] = this.#times;
    const count = this.#times.length - 1;
    return count > 0 && now > first! ? (1000 * count) / (now - first!) : null;
  }

  /** There was a break: it does not count. */
  forget(): void {
    this.#times = [];
  }
}
