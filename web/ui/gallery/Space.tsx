import { texts } from '../../texts/index.ts';
import { entries } from '../../studio/gallery/entries.ts';
import { Models } from './Models.tsx';
import { askToPersist, space } from '../../studio/gallery/space.ts';

/** What all of this takes, and for how long it may stay. */
export function Space() {
  const t = texts.value.gallery;
  const { value: all } = entries;
  const { value: room } = space;
  const taken = Array.isArray(all) ? all.reduce((sum, { bytes }) => sum + bytes, 0) : 0;
  return (
    <section class="space" aria-labelledby="space-title">
      <div class="space-part">
        <h3 id="space-title">{t.space}</h3>
        {room && (
          <meter
            class="room"
            min={0}
            max={1}
            value={room.used / room.available}
            aria-label={t.space}
          />
        )}
        <p class="fine">{room ? t.used(taken, room.used, room.available) : t.usedOnly(taken)}</p>
        {room && <p class="fine">{room.persisted ? t.persisted : t.volatile}</p>}
        {room && !room.persisted && (
          <button type="button" class="verb" onClick={() => void askToPersist()}>
            {t.persist}
          </button>
        )}
      </div>
      <Models />
    </section>
  );
}
