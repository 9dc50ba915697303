import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { PixelCanvas } from '../kit/PixelCanvas.tsx';
import type { Wish } from '../../studio/run/wish.ts';
import type { Painting } from '../../studio/run/state.ts';
import { language, texts } from '../../texts/index.ts';
import { blended, sliding, view } from '../../studio/result/shown.ts';

interface Props {
  readonly side: 'left' | 'right';
  /** null: the photo. */
  readonly painting: Painting | null;
  readonly wish: Wish;
  readonly frame: RefObject<HTMLElement | null>;
}

/** One of the compared pictures: cut off at the handle, moved and enlarged as the view says. */
export function Board({ side, painting, wish, frame }: Props) {
  const t = texts.value.easel;
  return (
    <div class={`side ${side}`}>
      {painting ? (
        <Painted painting={painting} wish={wish} frame={frame} />
      ) : (
        <img
          class="board"
          src={wish.photo.url}
          alt={t.photoAlt(wish.photo.title[language.value])}
          draggable={false}
        />
      )}
    </div>
  );
}

/** The enlarged picture stands in where the other's own pixels would be seen. */
function Painted({
  painting,
  wish,
  frame,
}: Omit<Props, 'side' | 'painting'> & { painting: Painting }) {
  const width = useWidth(frame);
  const { image, large } = painting;
  const coarse = width * view.value.zoom * devicePixelRatio > image.width;
  const source = large && coarse && !sliding.value ? large : image;
  const styles = wish.styles.map(({ picture }) => picture.title[language.value]).join(', ');
  return (
    <PixelCanvas
      class="pastiche board"
      pixels={blended(source, wish)}
      label={texts.value.easel.pasticheAlt(styles)}
    />
  );
}

/** In CSS pixels; 0 before it is known. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    watch.observe(element.current);
    return () => watch.disconnect();
  }, [element]);
  return width;
}
