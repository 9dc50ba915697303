import { Icon } from '../kit/Icon.tsx';
import { texts } from '../../texts/index.ts';
import { LossCurve } from './LossCurve.tsx';
import { News } from './News.tsx';
import { machine } from '../../studio/run/machine.ts';
import { figuresNow } from './figures.ts';
import { fraction, phase, progress, tiles } from '../../studio/run/state.ts';

/** Under the easel while painting: how far, how fast, how long, and how to stop. */
export function ProgressLine() {
  const t = texts.value.run;
  const now = phase.value;
  const known = fraction.value > 0 || tiles.value !== null;
  return (
    <div class="line running">
      <progress
        class="bar"
        aria-label={t.progress}
        max={1}
        {...(known && { value: fraction.value })}
        data-step={progress.value?.step ?? 0}
      />
      <div class="row">
        <p class="figures">
          {figuresNow().map((part) => (
            <span key={part}>{part}</span>
          ))}
        </p>
        <div class="verbs">
          <News />
          {(now === 'painting' || now === 'paused') && (
            <button
              type="button"
              class="verb"
              onClick={() => (now === 'paused' ? machine.resume() : machine.pause())}
            >
              <Icon name={now === 'paused' ? 'play' : 'pause'} />
              {now === 'paused' ? t.resume : t.pause}
            </button>
          )}
          <button type="button" class="verb" onClick={() => machine.stop()} data-verb="stop">
            <Icon name="stop" />
            {now === 'stopping' ? t.stopNow : t.stop}
          </button>
        </div>
      </div>
      <LossCurve />
    </div>
  );
}
