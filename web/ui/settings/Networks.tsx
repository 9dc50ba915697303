import { useEffect } from 'preact/hooks';
import { Segments } from '../kit/Segments.tsx';
import { phase } from '../../studio/run/state.ts';
import { texts } from '../../texts/index.ts';
import {
  choice,
  choices,
  choose,
  chooseVersion,
  version,
  versions,
  type Version,
} from '../../studio/choices/families.ts';
import { filesHere, lookForFiles } from '../../studio/networks/files.ts';
import { findModel, loadNetworks, networks } from '../../studio/networks/networks.ts';

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

/** Small networks come with the page; full ones are a download, once. */
function Versions() {
  const t = texts.value.settings;
  // A run may have brought some.
  useEffect(() => void lookForFiles(), [phase.value === 'done']);
  const hint = (which: Version) => {
    const entries = versions.value?.[which] ?? [];
    const missing = entries.filter(({ sha256 }) => !filesHere.value.has(sha256));
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
