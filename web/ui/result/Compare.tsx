import { useRef, useState } from 'preact/hooks';
import { Icon } from '../kit/Icon.tsx';
import type { Wish } from '../../studio/run/wish.ts';
import { texts } from '../../texts/index.ts';
import { Board } from './Board.tsx';
import { Gestures } from './gestures.ts';
import { looked, nameOf, pair, split, view } from '../../studio/result/shown.ts';
import { FIT, pan } from '../../studio/result/view.ts';
import { ZoomButtons } from './ZoomButtons.tsx';

/** Of a frame, for each press of an arrow key. */
const STRIDE = 0.1;
const ARROWS: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: STRIDE, y: 0 },
  ArrowRight: { x: -STRIDE, y: 0 },
  ArrowUp: { x: 0, y: STRIDE },
  ArrowDown: { x: 0, y: -STRIDE },
};
/** Of the keyboard and the buttons. */
const STEP = 1.5;

const largeWidth = () =>
  Math.max(...looked.peek().map(({ image, large }) => (large ?? image).width), 1);

/** Two pictures with a handle between them, to be looked at from near and far. */
export function Compare({ wish }: { readonly wish: Wish }) {
  const frame = useRef<HTMLDivElement>(null);
  const [gestures] = useState(() => new Gestures(largeWidth));
  const { value: now } = pair;
  if (!now) return null;
  const t = texts.value.result;
  const { zoom, x, y } = view.value;
  const [left, right] = [nameOf(now.left), nameOf(now.right)];
  const step = (nearer: boolean) => {
    if (frame.current) gestures.step(frame.current, nearer ? STEP : 1 / STEP);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // On the handle, arrows are the handle's.
    const by = event.target === frame.current ? ARROWS[event.key] : undefined;
    if (by && zoom > 1) view.value = pan(view.value, by);
    else if (['+', '='].includes(event.key)) step(true);
    else if (['-', '_'].includes(event.key)) step(false);
    else if (event.key === '0') view.value = FIT;
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={frame}
      class={zoom > 1 ? 'compare near' : 'compare'}
      style={{
        '--split': `${split.value}%`,
        '--zoom': zoom,
        '--x': `${100 * x}%`,
        '--y': `${100 * y}%`,
      }}
      role="group"
      tabIndex={0}
      aria-label={t.zoomable}
      data-zoom={zoom.toFixed(2)}
      onKeyDown={press}
      onPointerDown={gestures.down}
      onPointerMove={gestures.move}
      onPointerUp={gestures.up}
      onPointerCancel={gestures.cancel}
      onWheel={gestures.wheel}
      onDblClick={gestures.doubleClick}
    >
      <Board side="left" painting={now.left} wish={wish} frame={frame} />
      <Board side="right" painting={now.right} wish={wish} frame={frame} />
      <span class="tag left" aria-hidden="true">
        {left}
      </span>
      <span class="tag right" aria-hidden="true">
        {right}
      </span>
      <input
        class="split"
        type="range"
        min="0"
        max="100"
        step="any"
        value={split.value}
        aria-label={t.compare(left, right)}
        aria-valuetext={t.percent(split.value)}
        onInput={({ currentTarget }) => (split.value = Number(currentTarget.value))}
      />
      <span class="handle" aria-hidden="true">
        <span class="grip">
          <Icon name="grip" />
        </span>
      </span>
      <ZoomButtons zoom={zoom} step={step} />
    </div>
  );
}
