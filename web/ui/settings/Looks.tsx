import { useId } from 'preact/hooks';
import { LOOK_NAMES, LOOKS } from '../../../shared/looks.ts';
import { texts } from '../../texts/index.ts';
import { chooseLook, look, settings } from '../../studio/choices/choices.ts';

/** Each with a picture that this program painted with it: `npm run looks`. */
const PICTURES = 'looks/';
const SIDE = 88;

/** Settings for people who do not want to know them. */
export function Looks() {
  const t = texts.value.settings;
  const name = useId();
  const { steps, styleWeight } = settings.value;
  const own = LOOKS[look.value];
  const asItIs = own.steps === steps && own.styleWeight === styleWeight;
  return (
    <fieldset class="group">
      <legend>
        {t.look}
        <span class="chosen">{asItIs ? t.lookHint(steps) : t.lookChanged(steps)}</span>
      </legend>
      <div class="looks">
        {LOOK_NAMES.map((one) => (
          <label class="look" key={one} title={t.lookAbout[one]}>
            <span class="tile">
              <input
                type="radio"
                name={name}
                value={one}
                checked={one === look.value}
                onChange={() => chooseLook(one)}
              />
              <img
                src={`${PICTURES}${one}.jpg`}
                alt=""
                width={SIDE}
                height={SIDE}
                decoding="async"
              />
            </span>
            {t.looks[one]}
          </label>
        ))}
      </div>
      <p class="fine">{t.lookAbout[look.value]}</p>
    </fieldset>
  );
}
