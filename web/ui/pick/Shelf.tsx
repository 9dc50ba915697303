import { useId } from 'preact/hooks';
import { Icon } from '../kit/Icon.tsx';
import { language, texts } from '../../texts/index.ts';
import { FileButton } from './FileButton.tsx';

import { chooseAlone, mixing, mixture, setMixing, toggle } from '../../studio/pictures/mixture.ts';
import { choosePhoto, photo, pictures, stocked, type Role } from '../../studio/pictures/picked.ts';
import type { Picture } from '../../studio/pictures/picture.ts';
import { chipSketch, drawOnChip } from '../../studio/sketch/sketch.ts';
import { PixelCanvas } from '../kit/PixelCanvas.tsx';
import { Weights } from './Weights.tsx';

/** Places kept for the samples until they are there, so that nothing jumps. */
const PLACES = { photo: 4, style: 6 } as const;

/** Taking a photo is for devices that are held in the hand. */
const TOUCH = navigator.maxTouchPoints > 0;

/** The photo: one of a strip, one's own by picker or camera. */
export function PhotoShelf() {
  const name = useId();
  const t = texts.value.pick;
  const { value: chosen } = photo;
  return (
    <fieldset class="group" data-role="photo">
      <legend>
        {t.photo}
        {chosen && <span class="chosen">{chosen.title[language.value]}</span>}
      </legend>
      <div class="shelf">
        {pictures.photo.value.map((picture) => (
          <Tile
            key={picture.id}
            type="radio"
            name={name}
            picture={picture}
            checked={picture.id === chosen?.id}
            choose={() => choosePhoto(picture.id)}
          />
        ))}
        <Places role="photo" />
        <FileButton role="photo" class="tile add" label={t.addPhoto}>
          <Icon name="plus" />
        </FileButton>
        {TOUCH && (
          <FileButton role="photo" class="tile add camera" label={t.camera} camera>
            <Icon name="camera" />
          </FileButton>
        )}
      </div>
    </fieldset>
  );
}

/** The styles: tapping one chooses it; while mixing, each tap adds one or takes it out. */
export function StyleShelf() {
  const name = useId();
  const t = texts.value.pick;
  const { value: parts } = mixture;
  const { value: mixed } = mixing;
  const styles = pictures.style.value;
  const first = styles.find(({ id }) => id === parts[0]?.id);
  return (
    <div class="with-aside">
      <button
        type="button"
        class="verb aside"
        aria-pressed={mixed}
        data-verb="mix"
        onClick={() => setMixing(!mixed)}
      >
        {t.mix}
      </button>
      <fieldset class="group" data-role="style">
        <legend>
          {t.style}
          {first && (
            <span class="chosen">
              {parts.length > 1 ? t.mixOf(parts.length) : first.title[language.value]}
            </span>
          )}
        </legend>
        <div class="shelf">
          {styles.map((picture) => {
            const { id } = picture;
            return (
              <Tile
                key={id}
                type={mixed ? 'checkbox' : 'radio'}
                name={name}
                picture={picture}
                checked={parts.some((part) => part.id === id)}
                choose={() => (mixed ? toggle(id) : chooseAlone(id))}
                sketches
              />
            );
          })}
          <Places role="style" />
          <FileButton role="style" class="tile add" label={t.addStyle}>
            <Icon name="plus" />
          </FileButton>
        </div>
        {mixed && <Weights />}
      </fieldset>
    </div>
  );
}

interface TileProps {
  readonly type: 'radio' | 'checkbox';
  readonly name: string;
  readonly picture: Picture;
  readonly checked: boolean;
  readonly choose: () => void;
  /** Shows the photo in this style while a hand rests on it. */
  readonly sketches?: boolean;
}

/** Milliseconds a hand rests before it counts. */
const REST = { mouse: 150, touch: 450 } as const;

let resting: ReturnType<typeof setTimeout> | undefined;

function rest(id: string, pointer: string): void {
  clearTimeout(resting);
  resting = setTimeout(() => void drawOnChip(id), pointer === 'touch' ? REST.touch : REST.mouse);
}

function leave(): void {
  clearTimeout(resting);
  void drawOnChip(null);
}

/** A mouse hovers; a finger presses long. */
const hands = (id: string) => ({
  onPointerEnter: ({ pointerType }: PointerEvent) => {
    if (pointerType === 'mouse') rest(id, pointerType);
  },
  onPointerDown: ({ pointerType }: PointerEvent) => {
    if (pointerType !== 'mouse') rest(id, pointerType);
  },
  onPointerLeave: leave,
  onPointerUp: ({ pointerType }: PointerEvent) => {
    if (pointerType !== 'mouse') leave();
  },
  onPointerCancel: leave,
});

function Tile({ type, name, picture, checked, choose, sketches = false }: TileProps) {
  const title = picture.title[language.value];
  return (
    <label class="tile" title={title} {...(sketches && hands(picture.id))}>
      <input
        // A box that was once a radio button keeps the group it was in.
        key={type}
        type={type}
        name={name}
        value={picture.id}
        checked={checked}
        aria-label={title}
        onChange={({ currentTarget }) => {
          choose();
          // A tap may have no effect, as on the sixth style or the last.
          if (type === 'checkbox') currentTarget.checked = isIn(picture.id);
        }}
      />
      <img src={picture.thumb ?? picture.url} alt="" width="72" height="72" decoding="async" />
      {sketches && chipSketch.value?.style === picture.id && (
        <PixelCanvas class="on-chip" pixels={chipSketch.value.image} />
      )}
      {type === 'checkbox' && checked && (
        <span class="tick">
          <Icon name="check" />
        </span>
      )}
    </label>
  );
}

const isIn = (id: string) => mixture.peek().some((part) => part.id === id);

function Places({ role }: { readonly role: Role }) {
  if (stocked.value) return null;
  return Array.from({ length: PLACES[role] }, (_, i) => <div class="tile" key={i} />);
}
