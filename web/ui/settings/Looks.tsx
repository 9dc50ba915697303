import { LOOK_NAMES, LOOKS } from '../../../shared/looks.ts';
import { chooseLook, look, settings } from '../../studio/choices/choices.ts';
import { texts } from '../../texts/index.ts';
import { PictureTiles } from '../kit/PictureTiles.tsx';

/** Settings for people who do not want to know them; pictures by `npm run looks`. */
export function Looks() {
  const t = texts.value.settings;
  const { steps, styleWeight } = settings.value;
  const own = LOOKS[look.value];
  const asItIs = own.steps === steps && own.styleWeight === styleWeight;
  const legend = (
    <>
      {t.look}
      <span class="chosen">{asItIs ? t.lookHint(steps) : t.lookChanged(steps)}</span>
    </>
  );
  const options = LOOK_NAMES.map((value) => ({
    value,
    label: t.looks[value],
    about: t.lookAbout[value],
    picture: `looks/${value}.jpg`,
  }));
  return (
    <PictureTiles legend={legend} options={options} value={look.value} onChoose={chooseLook} />
  );
}
