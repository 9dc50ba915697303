import { useSignal } from '@preact/signals';
import { Icon } from '../kit/Icon.tsx';
import { PixelCanvas } from '../kit/PixelCanvas.tsx';
import { language, texts } from '../texts/index.ts';
import type { Job } from '../run/job.ts';
import type { Result } from '../run/run.ts';

/** Percent of the width that shows the photo at first: enough to see that there is a handle. */
const START = 30;

/** The painting over the photo, with a handle between them: pointer, touch or arrow keys. */
export function Compare({ result, job }: { readonly result: Result; readonly job: Job }) {
  const split = useSignal(START);
  const t = texts.value.easel;
  return (
    <div class="compare" style={{ '--split': `${split.value}%` }}>
      <PixelCanvas
        class="pastiche whole"
        pixels={result.image}
        label={t.pasticheAlt(job.style.title[language.value])}
      />
      <span class="tag left" aria-hidden="true">
        {t.photo}
      </span>
      <span class="tag right" aria-hidden="true">
        {t.pastiche}
      </span>
      <input
        class="split"
        type="range"
        min="0"
        max="100"
        step="any"
        value={split.value}
        aria-label={t.compare}
        onInput={({ currentTarget }) => (split.value = Number(currentTarget.value))}
      />
      <span class="handle" aria-hidden="true">
        <span class="grip">
          <Icon name="grip" />
        </span>
      </span>
    </div>
  );
}
