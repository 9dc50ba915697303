import '../styles/gallery.css';
import { useEffect, useRef } from 'preact/hooks';
import { NoticeLine } from '../notice/NoticeLine.tsx';
import { Icon } from '../kit/Icon.tsx';
import { texts } from '../../texts/index.ts';
import { closeGallery } from '../../studio/gallery/open.ts';
import { entries, load, order, question, shown } from '../../studio/gallery/entries.ts';
import { Export } from './Export.tsx';
import { Grid } from './Grid.tsx';
import { ORDERS, type Order } from '../../studio/gallery/search.ts';
import { measure } from '../../studio/gallery/space.ts';
import { Space } from './Space.tsx';
import { Viewer } from './Viewer.tsx';

/** Everything that was painted here, and what it takes to keep it. */
export function Gallery() {
  const t = texts.value.gallery;
  const heading = useRef<HTMLHeadingElement>(null);
  const { value: all } = entries;
  useEffect(() => {
    heading.current?.focus();
    void load();
    void measure();
  }, []);
  const some = Array.isArray(all) && all.length > 0;
  return (
    <main class="gallery" aria-label={t.title}>
      <div class="gallery-head">
        <button type="button" class="verb gallery-back" onClick={closeGallery}>
          <Icon name="back" />
          {t.back}
        </button>
        <h2 ref={heading} tabIndex={-1}>
          {t.title}
          {some && <span class="chosen">{t.pictures(all.length)}</span>}
        </h2>
      </div>
      {some && <Bar />}
      {all === 'unreadable' && <p class="gallery-empty">{t.unreadable}</p>}
      {all !== null && all.length === 0 && <Empty />}
      {some && <Grid />}
      {all !== null && <Space />}
      <div class="gallery-notice">
        <NoticeLine />
      </div>
      <Viewer />
    </main>
  );
}

/** Search, order and export. */
function Bar() {
  const t = texts.value.gallery;
  return (
    <div class="gallery-bar">
      <input
        type="search"
        class="search"
        value={question.value}
        placeholder={t.searchHint}
        aria-label={`${t.search}: ${t.searchHint}`}
        onInput={({ currentTarget }) => (question.value = currentTarget.value)}
      />
      <select
        class="sorting"
        aria-label={t.order}
        value={order.value}
        onChange={({ currentTarget }) => (order.value = currentTarget.value as Order)}
      >
        {ORDERS.map((name) => (
          <option key={name} value={name}>
            {t.orders[name]}
          </option>
        ))}
      </select>
      <Export />
      <p class="for-screen-readers" role="status">
        {question.value && t.found(shown.value.length)}
      </p>
    </div>
  );
}

function Empty() {
  const t = texts.value.gallery;
  return (
    <div class="gallery-empty">
      <p class="gallery-empty-title">{t.empty}</p>
      <p>{t.emptyAdvice}</p>
      <button type="button" class="verb strong" onClick={closeGallery}>
        {t.paint}
      </button>
    </div>
  );
}
