import { Icon } from '../kit/Icon.tsx';
import type { Wish } from '../../studio/run/wish.ts';
import { machine } from '../../studio/run/machine.ts';
import type { Painting } from '../../studio/run/state.ts';
import { upscalers } from '../../studio/networks/networks.ts';
import { texts } from '../../texts/index.ts';
import { writableFormats, type Format } from '../../studio/result/encode.ts';
import { Menu } from './Menu.tsx';
import { canCopy, canShare, copied, copy, save, share } from '../../studio/result/save.ts';
import { continueFilm } from '../../studio/result/timelapse/reel.ts';
import { canShoot, shoot, shooting, stopShooting } from '../../studio/result/timelapse/shoot.ts';

interface Props {
  readonly wish: Wish;
  /** Those that are looked at. */
  readonly paintings: readonly Painting[];
}

/** What can be done with the picture: to work on with it, and to take it away. */
export function Verbs({ wish, paintings }: Props) {
  const t = texts.value.result;
  const enlargeable = upscalers.value.length > 0 && paintings.some(({ large }) => !large);
  return (
    <div class="deeds">
      <button type="button" class="verb" onClick={() => machine.putAway()}>
        <Icon name="back" />
        {t.back}
      </button>
      <Continue />
      {enlargeable && (
        <button type="button" class="verb" data-verb="enlarge" onClick={() => machine.enlarge()}>
          <Icon name="enlarge" />
          {t.enlarge}
        </button>
      )}
      {canShoot(wish, paintings) && <Timelapse />}
      {canCopy && (
        <button type="button" class="verb" data-verb="copy" onClick={() => void copy()}>
          <Icon name={copied.value ? 'check' : 'copy'} />
          <span aria-live="polite">{copied.value ? t.copied : t.copy}</span>
        </button>
      )}
      {canShare && (
        <button type="button" class="verb" data-verb="share" onClick={() => void share()}>
          <Icon name="share" />
          {t.share}
        </button>
      )}
      <Save />
    </div>
  );
}

const FURTHER = [50, 100, 200] as const;

function Continue() {
  const t = texts.value.result;
  const items = FURTHER.map((steps) => ({
    key: `more-${steps}`,
    label: t.moreSteps(steps),
    act: () => {
      continueFilm();
      machine.proceed(steps);
    },
  }));
  const face = (
    <>
      <Icon name="onward" />
      {t.proceed}
    </>
  );
  return <Menu class="verb" label={t.proceedHint} face={face} items={items} />;
}

function Timelapse() {
  const t = texts.value.result;
  const percent = shooting.value;
  if (percent === null) {
    return (
      <button type="button" class="verb" data-verb="timelapse" onClick={() => void shoot()}>
        <Icon name="film" />
        {t.timelapse}
      </button>
    );
  }
  return (
    <button
      type="button"
      class="verb"
      data-verb="stop-timelapse"
      aria-label={t.stopFilming(percent)}
      onClick={stopShooting}
    >
      <Icon name="close" />
      {t.filming(percent)}
    </button>
  );
}

/** PNG at one press; the others, for those who want them, behind the arrow. */
function Save() {
  const t = texts.value.result;
  const items = writableFormats().map((format: Format) => ({
    key: `save-${format}`,
    ...t.formats[format],
    act: () => void save(format),
  }));
  return (
    <div class="save">
      <button type="button" class="verb strong" data-verb="save" onClick={() => void save('png')}>
        <Icon name="save" />
        {t.save}
      </button>
      <Menu
        class="verb strong more"
        label={t.saveAs}
        face={<Icon name="chevron" />}
        items={items}
      />
    </div>
  );
}
