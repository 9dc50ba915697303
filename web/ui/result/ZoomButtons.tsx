import { Icon } from '../kit/Icon.tsx';
import { decimals } from '../../texts/numbers.ts';
import { texts } from '../../texts/index.ts';
import { view } from '../../studio/result/shown.ts';
import { FIT } from '../../studio/result/view.ts';

interface Props {
  readonly zoom: number;
  readonly step: (nearer: boolean) => void;
}

/** Only nearer, until there is a way back. */
export function ZoomButtons({ zoom, step }: Props) {
  const { result: t, locale } = texts.value;
  const times = `${decimals(locale, zoom, zoom < 10 ? 1 : 0)}×`;
  return (
    <div class="zoom">
      <button type="button" class="zoom-out" aria-label={t.zoomOut} onClick={() => step(false)}>
        <Icon name="minus" />
      </button>
      <button
        type="button"
        class="zoom-fit"
        aria-label={t.zoomFit(times)}
        onClick={() => (view.value = FIT)}
      >
        {times}
      </button>
      <button type="button" class="zoom-in" aria-label={t.zoomIn} onClick={() => step(true)}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
