import { useId } from 'preact/hooks';
import { Icon } from '../kit/Icon.tsx';
import { language, texts } from '../texts/index.ts';
import { FileButton } from './FileButton.tsx';
import { choose, shelves, stocked, type Role } from './picked.ts';

/** Places kept for the samples until they are there, so that nothing jumps. */
const PLACES = { photo: 4, style: 6 } as const;

/** A strip of pictures to choose one from, and a plus for one's own. */
export function Shelf({ role }: { readonly role: Role }) {
  const name = useId();
  const { pictures, chosen } = shelves[role].value;
  const t = texts.value.pick;
  const current = pictures.find(({ id }) => id === chosen);
  return (
    <fieldset class="group" data-role={role}>
      <legend>
        {t[role]}
        {current && <span class="chosen">{current.title[language.value]}</span>}
      </legend>
      <div class="shelf">
        {pictures.map(({ id, title, url }) => (
          <label class="tile" key={id} title={title[language.value]}>
            <input
              type="radio"
              name={name}
              value={id}
              checked={id === chosen}
              aria-label={title[language.value]}
              onChange={() => choose(role, id)}
            />
            <img src={url} alt="" width="72" height="72" decoding="async" />
          </label>
        ))}
        {!stocked.value &&
          Array.from({ length: PLACES[role] }, (_, i) => <div class="tile" key={`place-${i}`} />)}
        <FileButton role={role} class="tile add" label={role === 'photo' ? t.addPhoto : t.addStyle}>
          <Icon name="plus" />
        </FileButton>
      </div>
    </fieldset>
  );
}
