import { useRef } from 'preact/hooks';
import type { ModelEntry } from '../../../shared/models.ts';
import { networks, ownNetworks, upscalers } from '../../studio/networks/networks.ts';
import { addNetwork } from '../../studio/networks/own.ts';
import { texts } from '../../texts/index.ts';
import {
  dropModel,
  fetching,
  fetchModel,
  measure,
  models,
  unreachable,
  type KeptModel,
} from '../../studio/gallery/space.ts';

/** Networks on this device, and those that could be. */
export function Models() {
  const t = texts.value.gallery;
  const { value: list } = networks;
  const known = [
    ...(Array.isArray(list) ? (list as readonly ModelEntry[]) : []),
    ...upscalers.value,
  ];
  const others = models.value.filter((kept) => !known.some(({ sha256 }) => sha256 === kept.sha256));
  return (
    <div class="space-part">
      <h3>{t.networks}</h3>
      <p class="fine">{t.networksHint}</p>
      <ul class="models">
        {known.map((entry) => (
          <Known key={entry.sha256} entry={entry} />
        ))}
        {others.map(({ sha256, id, bytes }) => (
          <li key={sha256} data-model={id}>
            <div class="model">
              <span>{id}</span>
              <span class="fine">{t.earlier(bytes)}</span>
            </div>
            <Verb verb={t.remove} name={id} act={() => void dropModel(sha256)} />
          </li>
        ))}
      </ul>
      <AddNetwork />
      <p class="fine">{t.ownNetworkHint}</p>
    </div>
  );
}

function Known({ entry }: { readonly entry: ModelEntry }) {
  const t = texts.value.gallery;
  const { id, label, bytes, sha256 } = entry;
  const kept = models.value.find((one) => one.sha256 === sha256);
  const coming = fetching.value[sha256];
  const whole = kept?.whole ?? false;
  const own = ownNetworks.value.some((one) => one.sha256 === sha256);
  const more = { verb: kept ? t.goOn : t.download, act: () => void fetchModel(entry) };
  return (
    <li data-model={id} data-state={whole ? 'here' : coming ? 'coming' : 'missing'}>
      <div class="model">
        <span>{label}</span>
        <span class="fine" role={unreachable.value.includes(sha256) ? 'alert' : undefined}>
          {stateOf(entry, kept)}
        </span>
      </div>
      {coming && <Verb verb={t.cancel} name={label} act={coming.cancel} />}
      {!coming && !whole && !own && <Verb {...more} name={label} />}
      {!coming && (kept ?? own) && (
        <Verb verb={t.remove} name={label} act={() => void dropModel(sha256)} />
      )}
      {coming && <progress class="bar" max={bytes} value={coming.loaded} aria-label={label} />}
    </li>
  );
}

function AddNetwork() {
  const t = texts.value.gallery;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="verb" onClick={() => input.current?.click()}>
        {t.ownNetwork}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        tabIndex={-1}
        aria-label={t.ownNetwork}
        data-file="network"
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = '';
          if (files.length > 0) void addNetwork(files).then(measure);
        }}
      />
    </>
  );
}

function stateOf({ sha256, bytes }: ModelEntry, kept: KeptModel | undefined): string {
  const t = texts.value.gallery;
  const coming = fetching.value[sha256];
  if (coming) return t.coming(coming.loaded, bytes);
  if (kept?.whole) return t.here(kept.bytes);
  if (unreachable.value.includes(sha256)) return t.unreachable;
  return kept ? t.partly(kept.bytes, bytes) : t.notHere(bytes);
}

interface VerbProps {
  readonly verb: string;
  readonly name: string;
  readonly act: () => void;
}

/** The same word stands in every row, so its name says which row. */
function Verb({ verb, name, act }: VerbProps) {
  return (
    <button
      type="button"
      class="verb bare"
      aria-label={texts.value.gallery.of(verb, name)}
      onClick={act}
    >
      {verb}
    </button>
  );
}
