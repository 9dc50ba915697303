import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Segments } from '../kit/Segments.tsx';
import { phase } from '../run/state.ts';
import { texts } from '../texts/index.ts';
import {
  choice,
  choices,
  choose,
  chooseVersion,
  version,
  versions,
  type Version,
} from './families.ts';
import { findModel, loadNetworks, networks } from './networks.ts';

/** Which network looks at the pictures: a kind, and where there are two of it, which version. */
export function Networks() {
  const t = texts.value.settings;
  if (networks.value === 'missing') {
    return (
      <div class="group trouble" role="alert">
        <p>{t.noNetworks}</p>
        <button type="button" class="verb" onClick={() => void loadNetworks()}>
          {t.retry}
        </button>
      </div>
    );
  }
  const families: Readonly<Record<string, string>> = t.families;
  return (
    <Segments
      legend={t.network}
      note={choice.value === 'both' ? t.bothHint : t.networkHint}
      options={choices.value.map((id) => ({
        value: id,
        label: families[id] ?? findModel(id)?.label ?? id,
      }))}
      value={choice.value}
      onChoose={choose}
    >
      {versions.value && <Versions />}
    </Segments>
  );
}

/** Hashes of the model files on this device. */
const here = signal<ReadonlySet<string>>(new Set());

async function look(): Promise<void> {
  const { listModels } = await import('../../storage/models.ts');
  const whole = (await listModels()).filter((model) => model.whole);
  here.value = new Set(whole.map(({ sha256 }) => sha256));
}

/** Small networks come with the page; full ones are a download, once. */
function Versions() {
  const t = texts.value.settings;
  // A run may have brought some.
  useEffect(() => void look(), [phase.value === 'done']);
  const hint = (which: Version) => {
    const entries = versions.value?.[which] ?? [];
    const missing = entries.filter(({ sha256 }) => !here.value.has(sha256));
    const total = (list: typeof entries) => list.reduce((sum, { bytes }) => sum + bytes, 0);
    if (which === 'small') return t.comesAlong(total(entries));
    return missing.length === 0 ? t.here(total(entries)) : t.download(total(missing));
  };
  const options = (['small', 'full'] as const).map((which) => ({
    value: which,
    label: t.versions[which],
    hint: hint(which),
  }));
  return (
    <Segments
      class="minor"
      legend={t.version}
      options={options}
      value={version.value}
      onChoose={chooseVersion}
    />
  );
}
