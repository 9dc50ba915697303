import { Amount } from '../kit/Field.tsx';
import { texts } from '../../texts/index.ts';
import { change, settings } from '../../studio/choices/choices.ts';

/** Weights and counts. */
export function Amounts() {
  const { settings: t, locale } = texts.value;
  const { steps, contentWeight, styleWeight, tvWeight, styleScale } = settings.value;
  const number = (value: number) =>
    value === 0
      ? t.off
      : new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value);
  return (
    <>
      <Amount
        label={t.steps}
        hint={t.stepsHint}
        min={10}
        max={3000}
        whole
        value={steps}
        text={number}
        onInput={(value) => change({ steps: value })}
      />
      <Amount
        label={t.styleWeight}
        hint={t.styleWeightHint}
        min={0.1}
        max={1000}
        zero
        value={styleWeight}
        text={number}
        onInput={(value) => change({ styleWeight: value })}
      />
      <Amount
        label={t.contentWeight}
        hint={t.contentWeightHint}
        min={0.01}
        max={100}
        zero
        value={contentWeight}
        text={number}
        onInput={(value) => change({ contentWeight: value })}
      />
      <Amount
        label={t.tvWeight}
        hint={t.tvWeightHint}
        min={0.1}
        max={1000}
        zero
        value={tvWeight}
        text={number}
        onInput={(value) => change({ tvWeight: value })}
      />
      <Amount
        label={t.styleScale}
        hint={t.styleScaleHint}
        min={0.25}
        max={4}
        value={styleScale}
        text={(value) => `${number(value)}\u00a0×`}
        onInput={(value) => change({ styleScale: value })}
      />
    </>
  );
}
