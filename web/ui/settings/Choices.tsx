import { useId } from 'preact/hooks';
import { Segments } from '../kit/Segments.tsx';
import { expected } from '../run/estimate.ts';
import { texts } from '../texts/index.ts';
import { chooseSize, look, LOOK_NAMES, size, SIZES, stepsOf } from './choices.ts';
import { chooseNetwork, loadNetworks, network, networks } from './networks.ts';

/** Network, look and size. */
export function Choices() {
  return (
    <>
      <Networks />
      <Looks />
      <Size />
    </>
  );
}

function Networks() {
  const t = texts.value.settings;
  const list = networks.value;
  if (list === 'missing') {
    return (
      <div class="group trouble" role="alert">
        <p>{t.noNetworks}</p>
        <button type="button" class="verb" onClick={() => void loadNetworks()}>
          {t.retry}
        </button>
      </div>
    );
  }
  const options = (list ?? []).map(({ id, label, bytes }) => ({
    value: id,
    label,
    hint: t.megabytes(bytes),
  }));
  return (
    <Segments
      legend={t.network}
      note={t.networkHint}
      options={options}
      value={network.value?.id ?? null}
      onChoose={chooseNetwork}
    />
  );
}

function Looks() {
  const t = texts.value.settings;
  const options = LOOK_NAMES.map((name) => ({
    value: name,
    label: t.looks[name],
    hint: t.lookHint(stepsOf(name)),
  }));
  return (
    <Segments
      legend={t.look}
      options={options}
      value={look.value}
      onChoose={(name) => (look.value = name)}
    />
  );
}

/** The place of a size in the list; one from the address may stand between two. */
function indexOf(wanted: number): number {
  const at = SIZES.findIndex((one) => one >= wanted);
  return at < 0 ? SIZES.length - 1 : at;
}

function Size() {
  const { settings: t } = texts.value;
  const id = useId();
  const seconds = expected.value;
  const index = indexOf(size.value);
  return (
    <div class="group">
      <label class="legend" for={id}>
        {t.size}
        <span class="chosen">{t.sizeHint}</span>
      </label>
      <div class="size">
        <input
          id={id}
          class="slider"
          type="range"
          min="0"
          max={SIZES.length - 1}
          step="1"
          value={index}
          aria-valuetext={t.pixels(size.value)}
          style={{ '--at': index / (SIZES.length - 1) }}
          onInput={({ currentTarget }) => chooseSize(SIZES[Number(currentTarget.value)]!)}
        />
        <output for={id}>{t.pixels(size.value)}</output>
      </div>
      {seconds !== null && <p class="fine">{t.about(seconds)}</p>}
    </div>
  );
}
