import { texts } from '../texts/index.ts';
import { capabilities } from './engine.ts';

/** Which backend runs, and why: honest, and quiet. */
export function BackendLine() {
  const t = texts.value.backend;
  const here = capabilities.value;
  if (!here) return <p class="fine backend">{t.asking}</p>;
  const { backend, adapter, threads, reason, isolated } = here;
  const sentences = [
    backend === 'webgpu' ? t.gpu(adapter) : t.wasm(threads),
    t.reasons[reason],
    backend === 'wasm' && !isolated ? t.notIsolated : '',
  ];
  return (
    <p class="fine backend" data-backend={backend} data-threads={threads} data-reason={reason}>
      {sentences.filter(Boolean).join(' ')}
    </p>
  );
}
