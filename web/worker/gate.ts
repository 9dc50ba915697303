/** Open or closed; who comes to a closed one waits. */
export class Gate {
  #closed: Promise<void> | null = null;
  #release: () => void = () => undefined;

  readonly pass = (): Promise<void> => this.#closed ?? Promise.resolve();

  close(): void {
    this.#closed ??= new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  open(): void {
    this.#release();
    this.#closed = null;
  }
}
