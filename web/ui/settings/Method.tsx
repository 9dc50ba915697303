import type { StyleSettings } from '../../../shared/settings.ts';
import { Field } from '../kit/Field.tsx';
import { Icon } from '../kit/Icon.tsx';
import { Segments } from '../kit/Segments.tsx';
import { texts } from '../../texts/index.ts';
import { change, settings } from '../../studio/choices/choices.ts';

const POOLINGS = ['max', 'average'] as const;
const OPTIMIZERS = ['adam', 'lbfgs'] as const;
const STARTS = ['content', 'noise', 'style'] as const;

/** A step of the one is not a step of the other. */
const RATES = { adam: 0.02, lbfgs: 1 } as const satisfies Record<
  StyleSettings['optimizer'],
  number
>;

const SEEDS = 2 ** 32;

/** From what the painting begins and how it is improved. */
export function Method() {
  const t = texts.value.settings;
  const { pooling, optimizer, init, seed } = settings.value;
  const setSeed = (text: string) => {
    const value = Number(text);
    if (text !== '' && Number.isInteger(value) && value >= 0 && value < SEEDS)
      change({ seed: value });
  };
  return (
    <>
      <Segments
        class="minor"
        legend={t.init}
        options={STARTS.map((value) => ({ value, label: t.inits[value] }))}
        value={init}
        onChoose={(value) => change({ init: value })}
      >
        <p class="fine">{t.initHint}</p>
      </Segments>
      <Field label={t.seed} hint={t.seedHint}>
        {({ id, hintId }) => (
          <div class="beside">
            <input
              id={id}
              class="text"
              type="number"
              inputMode="numeric"
              min={0}
              max={SEEDS - 1}
              step={1}
              value={seed}
              aria-describedby={hintId}
              onInput={({ currentTarget }) => setSeed(currentTarget.value)}
            />
            <button
              type="button"
              class="verb"
              onClick={() => change({ seed: Math.floor(Math.random() * 1e6) })}
            >
              <Icon name="dice" />
              {t.roll}
            </button>
          </div>
        )}
      </Field>
      <Segments
        class="minor"
        legend={t.optimizer}
        options={OPTIMIZERS.map((value) => ({ value, label: t.optimizers[value] }))}
        value={optimizer}
        onChoose={(value) => change({ optimizer: value, learningRate: RATES[value] })}
      >
        <p class="fine">{t.optimizerHint}</p>
      </Segments>
      <Segments
        class="minor"
        legend={t.pooling}
        options={POOLINGS.map((value) => ({ value, label: t.poolings[value] }))}
        value={pooling}
        onChoose={(value) => change({ pooling: value })}
      >
        <p class="fine">{t.poolingHint}</p>
      </Segments>
    </>
  );
}
