import { describe, expect, it } from 'vitest';
import { askForRest, broughtBy, parts } from '../../shared/resume.ts';

const answer = (status: number, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : 'x', { status, headers });

describe('an answer to a request for the rest of a file', () => {
  it('is asked for only where there is something', () => {
    expect(askForRest(0)).toEqual({});
    expect(askForRest(7)).toEqual({ range: 'bytes=7-' });
  });

  it.each([
    ['the rest', 206, { 'content-range': 'bytes 7-9/10' }, { what: 'rest', total: 10 }],
    ['another part', 206, { 'content-range': 'bytes 0-9/10' }, { what: 'misfit' }],
    ['a part that does not say of what', 206, {}, { what: 'misfit' }],
    ['a length that was told for what is shorter', 416, {}, { what: 'misfit' }],
    ['all of it', 200, { 'content-length': '10' }, { what: 'whole', total: 10 }],
    ['all of it, of a length that is not told', 200, {}, { what: 'whole', total: null }],
    [
      'all of it, compressed',
      200,
      { 'content-length': '5', 'content-encoding': 'gzip' },
      { what: 'whole', total: null },
    ],
    ['too many requests', 429, { 'retry-after': '3' }, { what: 'busy', after: 3000 }],
    ['a wait without end', 503, { 'retry-after': '9999' }, { what: 'busy', after: 60_000 }],
    ['a date to come again', 503, { 'retry-after': 'Mon, 1 Jan' }, { what: 'busy', after: 0 }],
    ['nothing there', 404, {}, { what: 'refusal' }],
  ])('may bring %s', (_name, status, headers, brings) => {
    expect(broughtBy(answer(status, headers as Record<string, string>), 7)).toEqual(brings);
  });

  it('is let go when nobody reads on', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (to) => to.enqueue(new Uint8Array(3)),
      cancel: () => void (cancelled = true),
    });
    for await (const part of parts(body)) {
      expect(part).toHaveLength(3);
      break;
    }
    expect(cancelled).toBe(true);
  });
});
