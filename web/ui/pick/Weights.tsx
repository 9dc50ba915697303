import { Slider } from '../kit/Slider.tsx';
import { language, texts } from '../../texts/index.ts';
import { crowded, mixture, MOST_STYLES, shareOf, weigh } from '../../studio/pictures/mixture.ts';
import { styles } from '../../studio/pictures/picked.ts';

/** A handle for each of the mixed styles. */
export function Weights() {
  const t = texts.value.pick;
  const { value: parts } = mixture;
  return (
    <div class="mixture">
      {parts.length > 1 &&
        styles.value.map(({ picture, weight }) => {
          const percent = t.percent(shareOf({ id: picture.id, weight }));
          const title = picture.title[language.value];
          return (
            <div class="part" key={picture.id}>
              <img src={picture.thumb ?? picture.url} alt="" width="32" height="32" title={title} />
              <Slider
                label={t.weightOf(title)}
                min={1}
                max={100}
                value={Math.round(100 * Math.min(1, weight))}
                text={percent}
                onInput={(value) => weigh(picture.id, value / 100)}
              />
              <output>{percent}</output>
            </div>
          );
        })}
      <p class={crowded.value ? 'fine crowded' : 'fine'} role="status">
        {crowded.value ? t.crowded(MOST_STYLES) : parts.length > 1 ? '' : t.mixHint(MOST_STYLES)}
      </p>
    </div>
  );
}
