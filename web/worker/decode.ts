/** The page's end of the decoder: a worker a picture, which is a rare one. */
import { wrap, type Remote } from 'comlink';
import type { Decoder } from './decoder.ts';

/** Throws what the decoder throws, by its message, or an Error if its file did not load. */
export async function inDecoder<T>(ask: (decoder: Remote<Decoder>) => Promise<T>): Promise<T> {
  const worker = new Worker(new URL('./decoder.ts', import.meta.url), {
    type: 'module',
    name: 'decoder',
  });
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => {
      reject(new Error(message || 'the decoder did not load'));
    });
  });
  try {
    return await Promise.race([ask(wrap<Decoder>(worker)), broken]);
  } finally {
    worker.terminate();
  }
}
