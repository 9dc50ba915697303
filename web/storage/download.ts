/** One model file on its way. What came of it is kept part by part, so that a broken download goes on where it broke. */
import type { ModelEntry } from '../../shared/models.ts';
import { askForRest, broughtBy, parts } from '../../shared/resume.ts';
import { dropParts, keepPart, readParts } from './model-cache.ts';

export type OnProgress = (loaded: number, total: number) => void;

/** As much is lost at most when the tab dies. */
const PART = 4 * 2 ** 20;

export class Download {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #entry: ModelEntry;
  readonly #onProgress: OnProgress;
  #cache: Cache | null;
  #loaded = 0;
  /** How much of that is in the cache. */
  #kept = 0;
  #validator = '';

  private constructor(entry: ModelEntry, cache: Cache | null, onProgress: OnProgress) {
    this.bytes = new Uint8Array(entry.bytes);
    this.#entry = entry;
    this.#cache = cache;
    this.#onProgress = onProgress;
  }

  /** With what an earlier try left in the cache. */
  static async open(
    entry: ModelEntry,
    cache: Cache | null,
    onProgress: OnProgress,
  ): Promise<Download> {
    const download = new Download(entry, cache, onProgress);
    const found = cache && (await readParts(cache, entry.sha256));
    if (found && found.bytes.length <= entry.bytes) {
      download.bytes.set(found.bytes);
      download.#loaded = download.#kept = found.bytes.length;
      download.#validator = found.validator;
    }
    return download;
  }

  get loaded(): number {
    return this.#loaded;
  }

  /** Fetches what is missing; whatever came before a failure stays. */
  async run(url: string, signal: AbortSignal): Promise<void> {
    const { bytes: total } = this.#entry;
    if (this.#loaded === total) return;
    try {
      const { body } = await this.#request(url, signal);
      this.#onProgress(this.#loaded, total);
      for await (const part of parts(body)) await this.#take(part);
      if (this.#loaded < total) throw new Error('the connection ended early');
    } finally {
      await this.#keep();
    }
  }

  async startOver(): Promise<void> {
    this.#loaded = this.#kept = 0;
    if (this.#cache) await dropParts(this.#cache, this.#entry.sha256);
  }

  /** The rest of the file, or all of it where the server cannot give the rest of what we have. */
  async #request(url: string, signal: AbortSignal): Promise<{ body: ReadableStream<Uint8Array> }> {
    // Two copies on the disk would be one too many.
    const cache = this.#cache ? 'no-store' : 'default';
    let response = await fetch(url, { signal, cache, headers: askForRest(this.#loaded) });
    if (this.#loaded > 0) {
      const { what } = broughtBy(response, this.#loaded);
      const other = what === 'misfit' || (what === 'rest' && !this.#continues(response));
      if (other || what === 'whole') await this.startOver();
      if (other) {
        await response.body?.cancel();
        response = await fetch(url, { signal, cache });
      }
    }
    const { ok, status, body } = response;
    if (!ok || !body) throw new Error(`HTTP status ${status}`);
    this.#validator = validatorOf(response);
    return { body };
  }

  /** Of the same file as what is here. */
  #continues(response: Response): boolean {
    const brings = broughtBy(response, this.#loaded);
    const whole = brings.what === 'rest' && brings.total === this.#entry.bytes;
    return whole && validatorOf(response) === this.#validator;
  }

  async #take(part: Uint8Array): Promise<void> {
    const { bytes: total } = this.#entry;
    if (this.#loaded + part.length > total) {
      await this.startOver();
      throw new Error('longer than the manifest says');
    }
    this.bytes.set(part, this.#loaded);
    this.#loaded += part.length;
    this.#onProgress(this.#loaded, total);
    if (this.#loaded - this.#kept >= PART) await this.#keep();
  }

  async #keep(): Promise<void> {
    // A whole file is kept as one, once it is known to be the right one.
    const some = this.#loaded > this.#kept && this.#loaded < this.#entry.bytes;
    if (!some || !this.#cache) return;
    const part = this.bytes.slice(this.#kept, this.#loaded);
    if (await keepPart(this.#cache, this.#entry, this.#kept, part, this.#validator)) {
      this.#kept = this.#loaded;
    } else {
      this.#cache = null;
    }
  }
}

const validatorOf = ({ headers }: Response) =>
  headers.get('etag') ?? headers.get('last-modified') ?? '';
