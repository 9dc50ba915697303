import { Segments } from '../kit/Segments.tsx';
import { StrengthSlider } from '../kit/StrengthSlider.tsx';
import type { Wish } from '../../studio/run/wish.ts';
import { LossCurve } from '../run/LossCurve.tsx';
import { texts } from '../../texts/index.ts';
import {
  choosePair,
  chooseStrength,
  looked,
  nameOf,
  pairs,
  pair,
  strength,
} from '../../studio/result/shown.ts';
import { Verbs } from './Verbs.tsx';

/** Under the easel when the picture is there: what was done, and what to do with it. */
export function ResultLine({ wish }: { readonly wish: Wish }) {
  const paintings = looked.value;
  const end = paintings.find((one) => one.end !== 'whole')?.end ?? 'whole';
  return (
    <div class="line finished" data-end={end}>
      {pairs.value.length > 1 && <Pairs />}
      <div class="row">
        <Summary />
        <Strength />
      </div>
      <Verbs wish={wish} paintings={paintings} />
      <LossCurve paintings={paintings} />
    </div>
  );
}

/** Which two pictures are on the easel. */
function Pairs() {
  const options = pairs.value.map(({ left, right }, i) => ({
    value: String(i),
    label: `${nameOf(left)} | ${nameOf(right)}`,
  }));
  return (
    <div class="pairs">
      <Segments
        legend={texts.value.result.pairs}
        options={options}
        value={String(pairs.value.indexOf(pair.value!))}
        onChoose={(index) => choosePair(Number(index))}
      />
    </div>
  );
}

/** A line a painting, which goes by its network where there are two. */
function Summary() {
  const t = texts.value.result;
  const paintings = looked.value;
  const ends = new Set(paintings.map(({ end }) => end));
  return (
    <p class="figures">
      {paintings.map(({ network, image, large, steps, seconds }) => {
        const { width, height } = large ?? image;
        const line = t.summary(width, height, steps, seconds);
        return (
          <span key={network.id} class="made">
            {pairs.value.length > 1 ? `${network.label}: ${line}` : line}
          </span>
        );
      })}
      {ends.has('stopped') && <span class="remark">{t.stopped}</span>}
      {ends.has('cut') && <span class="remark">{t.cut}</span>}
    </p>
  );
}

function Strength() {
  return (
    <StrengthSlider
      label={texts.value.result.strengthHint}
      value={strength.value}
      onInput={chooseStrength}
    />
  );
}
