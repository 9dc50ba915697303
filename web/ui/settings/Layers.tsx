import { Field } from '../kit/Field.tsx';
import { Slider } from '../kit/Slider.tsx';
import { decimals } from '../../texts/numbers.ts';
import { texts } from '../../texts/index.ts';
import {
  setContentLayer,
  tappable,
  toggleLayer,
  weighLayer,
  type Tappable,
} from '../../studio/choices/layers.ts';

/** Where in the network style and content are looked at. */
export function Layers() {
  const { settings: t, fields } = texts.value;
  const { styleLayers, contentLayers } = fields;
  const { value: now } = tappable;
  if (!now) return <p class="fine">{t.layersOfOne}</p>;
  const [content, ...more] = now.content;
  return (
    <>
      <details class="drawer inner">
        <summary>
          {styleLayers.label}
          <span class="chosen">{now.style.map(({ tap }) => tap).join(', ')}</span>
        </summary>
        <p class="fine">{styleLayers.hint}</p>
        {now.names.map((tap) => (
          <StyleLayer key={tap} now={now} tap={tap} />
        ))}
      </details>
      <Field label={contentLayers.label} hint={contentLayers.hint}>
        {({ id, hintId }) => (
          <select
            id={id}
            aria-describedby={hintId}
            value={more.length > 0 ? '' : content?.tap}
            onChange={({ currentTarget }) => setContentLayer(currentTarget.value)}
          >
            {more.length > 0 && (
              <option value="" disabled>
                {now.content.map(({ tap }) => tap).join(', ')}
              </option>
            )}
            {now.names.map((tap) => (
              <option key={tap} value={tap}>
                {tap}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}

/** Factor of the layer's loss, from a hundredth to a hundred times, on a scale of ratios. */
const REACH = 2;
const STEPS = 20;

function StyleLayer({ now, tap }: { readonly now: Tappable; readonly tap: string }) {
  const { settings: t, locale } = texts.value;
  const layer = now.style.find((one) => one.tap === tap);
  const text = layer ? decimals(locale, layer.weight, layer.weight < 9.95 ? 2 : 0) : '';
  const weigh = (place: number) =>
    weighLayer(now, tap, Number((10 ** (place / STEPS)).toPrecision(2)));
  return (
    <div class="layer">
      <label class="check">
        <input
          type="checkbox"
          checked={layer !== undefined}
          onChange={({ currentTarget }) => {
            // The last one stays.
            currentTarget.checked = toggleLayer(now, tap);
          }}
        />
        <span>{tap}</span>
      </label>
      {layer && (
        <>
          <Slider
            label={t.layerWeight(tap)}
            min={-REACH * STEPS}
            max={REACH * STEPS}
            value={Math.round(Math.log10(Math.max(layer.weight, 10 ** -REACH)) * STEPS)}
            text={text}
            onInput={weigh}
          />
          <output>{text}</output>
        </>
      )}
    </div>
  );
}
