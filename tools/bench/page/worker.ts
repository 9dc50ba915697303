/** What the workers of the bench page share. They are typed without the DOM: this is all they need of it. */
import { answerer } from '../programs/answer.ts';
import type { OpenFile, Prepare, Request } from '../task.ts';

interface WorkerScope {
  readonly location: { readonly hash: string };
  readonly crossOriginIsolated: boolean;
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as WorkerScope;

export const threads = Number(scope.location.hash.slice(1));
export const isolated = scope.crossOriginIsolated;

const open: OpenFile = async (name) => {
  const response = await fetch(`/data/${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

export function serve(prepare: Prepare, about: () => string): void {
  const answer = answerer(prepare, open, about);
  scope.onmessage = ({ data }) => void answer(data).then((reply) => scope.postMessage(reply));
}
