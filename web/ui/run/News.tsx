import { Icon } from '../kit/Icon.tsx';
import { texts } from '../../texts/index.ts';
import { canNotify, toggleNews, wantsNews } from '../../studio/run/news.ts';

/** "Tell me when it is done": asks the browser for leave the first time. */
export function News() {
  const t = texts.value.run;
  if (!canNotify) return null;
  return (
    <button
      type="button"
      class="verb"
      aria-pressed={wantsNews.value}
      title={t.newsHint}
      onClick={() => void toggleNews()}
    >
      <Icon name="bell" />
      {t.news}
    </button>
  );
}
