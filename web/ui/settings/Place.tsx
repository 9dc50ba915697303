import { TABLE } from '../../../shared/settings.ts';
import { Segments } from '../kit/Segments.tsx';
import { backendWish, capabilities, chooseBackend, noGpu } from '../../studio/engine/engine.ts';
import { running } from '../../studio/run/state.ts';
import { texts } from '../../texts/index.ts';
import { change, settings } from '../../studio/choices/choices.ts';

const PRECISIONS = TABLE.precision.control.options;
const BACKENDS = ['auto', 'webgpu', 'wasm'] as const;

/** Where the run takes place, and with how many digits. */
export function Place() {
  const { settings: t, fields } = texts.value;
  const { label, hint, options } = fields.precision;
  const onCpu = capabilities.value?.backend === 'wasm';
  return (
    <>
      <Segments
        class="minor"
        legend={t.backend}
        options={BACKENDS.map((value) => ({ value, label: t.backends[value] }))}
        value={backendWish.value}
        onChoose={(wish) => void chooseBackend(wish)}
        disabled={running.value}
      >
        <p class="fine" role="status">
          {noGpu.value ? t.noGpu : running.value ? t.backendLater : t.backendHint}
        </p>
      </Segments>
      <Segments
        class="minor"
        legend={label}
        options={PRECISIONS.map((value) => ({ value, label: options[value] }))}
        value={settings.value.precision}
        onChoose={(precision) => change({ precision })}
        disabled={onCpu}
      >
        <p class="fine">{onCpu ? t.precisionOnCpu : hint}</p>
      </Segments>
    </>
  );
}
