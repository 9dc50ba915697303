import { Icon } from '../kit/Icon.tsx';
import { LossCurve } from '../run/LossCurve.tsx';
import { reset, type Result } from '../run/run.ts';
import type { Job } from '../run/job.ts';
import { texts } from '../texts/index.ts';
import { savePng } from './save.ts';

/** Under the easel when the picture is there: what was done, and what to do with it. */
export function ResultLine({ result, job }: { readonly result: Result; readonly job: Job }) {
  const t = texts.value.result;
  const { image, steps, seconds, end } = result;
  const remark = { whole: '', stopped: t.stopped, cut: t.cut }[end];
  return (
    <div class="line finished" data-end={end}>
      <div class="row">
        <p class="figures">
          {t.summary(image.width, image.height, steps, seconds)}
          {remark && <span class="remark">{remark}</span>}
        </p>
        <div class="verbs">
          <button type="button" class="verb" onClick={reset}>
            <Icon name="back" />
            {t.back}
          </button>
          <button
            type="button"
            class="verb strong"
            data-verb="save"
            onClick={() => void savePng(image, job)}
          >
            <Icon name="save" />
            {t.save}
          </button>
        </div>
      </div>
      <LossCurve />
    </div>
  );
}
