import { texts } from '../../texts/index.ts';
import { capabilities } from '../../studio/engine/engine.ts';

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
    <>
      <p class="fine backend" data-backend={backend} data-threads={threads} data-reason={reason}>
        {sentences.filter(Boolean).join(' ')}
      </p>
      {(reason === 'no-webgpu' || reason === 'no-adapter') && (
        <details class="details">
          <summary>{t.howTo}</summary>
          <p class="fine">{t.ways[browser()]}</p>
        </details>
      )}
    </>
  );
}

/** Every Chromium also calls itself Safari. */
function browser(): 'chromium' | 'firefox' | 'safari' | 'other' {
  const { userAgent } = navigator;
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrom(e|ium)\//.test(userAgent)) return 'chromium';
  return /Safari\//.test(userAgent) ? 'safari' : 'other';
}
