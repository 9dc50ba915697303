import type { Progress } from '../../worker/face.ts';
import { Icon } from '../kit/Icon.tsx';
import { decimals } from '../texts/numbers.ts';
import { texts } from '../texts/index.ts';
import { LossCurve } from './LossCurve.tsx';
import type { Speed } from './pace.ts';
import { download, job, pause, phase, progress, resume, speed, stop } from './run.ts';

/** Under the easel while painting: how far, how fast, how long, and how to stop. */
export function ProgressLine() {
  const t = texts.value.run;
  const now = phase.value;
  const { done, known } = howFar();
  const stopping = now === 'stopping';
  return (
    <div class="line running">
      <progress
        class="bar"
        aria-label={t.progress}
        max={1}
        {...(known && { value: done })}
        data-step={progress.value?.step ?? 0}
      />
      <div class="row">
        <p class="figures">
          {stateParts().map((part) => (
            <span key={part}>{part}</span>
          ))}
        </p>
        <div class="verbs">
          {(now === 'painting' || now === 'paused') && (
            <button type="button" class="verb" onClick={now === 'paused' ? resume : pause}>
              <Icon name={now === 'paused' ? 'play' : 'pause'} />
              {now === 'paused' ? t.resume : t.pause}
            </button>
          )}
          <button type="button" class="verb" onClick={stop} data-verb="stop">
            <Icon name="stop" />
            {stopping ? t.stopNow : t.stop}
          </button>
        </div>
      </div>
      <LossCurve />
    </div>
  );
}

/** Of the download while there is one, then of the steps; unknown while the runtime starts. */
function howFar(): { readonly done: number; readonly known: boolean } {
  const { value: now } = progress;
  if (now) return { done: now.step / now.steps, known: now.step > 0 };
  const { value: file } = download;
  return file && file.loaded < file.total
    ? { done: file.loaded / file.total, known: true }
    : { done: 0, known: false };
}

function stateParts(): readonly string[] {
  const t = texts.value.run;
  const { value: now } = progress;
  const { value: file } = download;
  if (phase.value === 'stopping') return [t.stopping];
  if (!now && file && job.value) {
    return [t.download(job.value.network.label, file.loaded, file.total)];
  }
  if (!now) return [t.loading];
  if (now.phase === 'preparing') {
    return [now.step === 0 ? t.preparing : t.preparingScale(now.width, now.height)];
  }
  return figures(now, phase.value === 'paused' ? null : speed.value);
}

function figures({ scale, scales, step, steps }: Progress, pace: Speed | null): string[] {
  const { run: t, locale } = texts.value;
  const parts = [scales > 1 ? t.scale(scale + 1, scales) : '', t.step(step, steps)];
  if (pace && pace.stepsPerSecond >= 0.1) {
    const digits = pace.stepsPerSecond < 10 ? 1 : 0;
    parts.push(t.speed(decimals(locale, pace.stepsPerSecond, digits)));
  } else if (pace) {
    parts.push(t.secondsPerStep(decimals(locale, 1 / pace.stepsPerSecond, 0)));
  }
  parts.push(pace ? t.left(pace.secondsLeft) : t.paused);
  const [first = '', ...others] = parts.filter(Boolean);
  return [first[0]!.toLocaleUpperCase(locale) + first.slice(1), ...others];
}
