/** A file over HTTP of which a part is here already (RFC 9110, section 14): asking for the rest, judging the answer. */

/** Headers of a request for what comes after the first `have` bytes. */
export const askForRest = (have: number): Record<string, string> =>
  have > 0 ? { range: `bytes=${have}-` } : {};

interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

export type Brings =
  /** The bytes after those that are here, or all from the start; `total` of the whole file, where the server tells. */
  | { readonly what: 'rest' | 'whole'; readonly total: number | null }
  /** Bytes from another place, or none: what is here is not the beginning of what the server has. */
  | { readonly what: 'misfit' }
  /** Nothing now; again after so many milliseconds. */
  | { readonly what: 'busy'; readonly after: number }
  | { readonly what: 'refusal' };

/** Longest that a server may ask to wait, in seconds. */
const LONGEST_WAIT = 60;

export function broughtBy({ status, headers }: Answer, have: number): Brings {
  if (status === 206) {
    const [, from, total] =
      /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
    return Number(from) === have ? { what: 'rest', total: Number(total) } : { what: 'misfit' };
  }
  if (status === 200) {
    const length = headers.get('content-length');
    // Of a compressed answer it is the compressed length.
    const told = length !== null && headers.get('content-encoding') === null;
    return { what: 'whole', total: told ? Number(length) : null };
  }
  if (status === 416) return { what: 'misfit' };
  if (status === 408 || status === 429 || status >= 500) {
    const wait = Number(headers.get('retry-after') ?? 0);
    return { what: 'busy', after: Number.isFinite(wait) ? 1000 * Math.min(wait, LONGEST_WAIT) : 0 };
  }
  return { what: 'refusal' };
}

interface Body {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}

/** Safari's streams cannot be looped over yet (https://bugs.webkit.org/show_bug.cgi?id=194379). */
export async function* parts(body: Body): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value) yield value;
    }
  } finally {
    // Left early: nobody wants the rest.
    reader.cancel().catch(() => undefined);
  }
}
