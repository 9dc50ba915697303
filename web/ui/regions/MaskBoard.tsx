import { useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { LEFT, type Mask } from '../../../shared/mask.ts';
import type { Picture } from '../../studio/pictures/picture.ts';
import {
  brush,
  BRUSH,
  drag,
  lift,
  mask,
  redo,
  takeBack,
  tool,
  touch,
  undo,
  type Point,
} from '../../studio/regions/regions.ts';
import { language, texts } from '../../texts/index.ts';
import { OPACITY, TINTS } from './colours.ts';

/** Of the longer side, for each press of an arrow key. */
const STRIDE = 0.02;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -STRIDE, y: 0 },
  ArrowRight: { x: STRIDE, y: 0 },
  ArrowUp: { x: 0, y: -STRIDE },
  ArrowDown: { x: 0, y: STRIDE },
};

/** The photo with its regions, under a brush: mouse, finger, pen or keys. */
export function MaskBoard({ url, title, width, height }: Picture) {
  const { regions: t, easel } = texts.value;
  const hint = useId();
  const at = useSignal<Point | null>(null);
  const pointer = useRef<number | null>(null);
  const side = Math.max(width, height);
  const limit = (part: number) => Math.min(1, Math.max(0, part));

  const press = (event: KeyboardEvent) => {
    const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z';
    if (undoing) (event.shiftKey ? redo : undo)();
    else if (event.ctrlKey || event.metaKey || event.altKey || !act(event)) return;
    event.preventDefault();
  };
  /** False for a key that means nothing here. */
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const from = at.value ?? { x: 0.5, y: 0.5 };
    const by = ARROWS[key];
    if (by) {
      const to = {
        x: limit(from.x + (by.x * side) / width),
        y: limit(from.y + (by.y * side) / height),
      };
      if (shiftKey && tool.value !== 'fill') {
        touch(from);
        drag(to);
        lift();
      }
      at.value = to;
    } else if (key === ' ') {
      touch(from);
      lift();
      at.value = from;
    } else if (key === '[') brush.value = Math.max(BRUSH.min, brush.value - 1);
    else if (key === ']') brush.value = Math.min(BRUSH.max, brush.value + 1);
    else return false;
    return true;
  };

  const down = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.button !== 0) return;
    // A second finger does not paint, and neither did the first.
    if (pointer.current !== null) {
      takeBack();
      return;
    }
    pointer.current = event.pointerId;
    event.currentTarget.setPointerCapture(event.pointerId);
    touch((at.value = pointOf(event)));
  };
  const move = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (pointer.current !== null && pointer.current !== event.pointerId) return;
    at.value = pointOf(event);
    if (pointer.current === event.pointerId) drag(at.value);
  };
  const up = ({ pointerId }: PointerEvent) => {
    if (pointer.current !== pointerId) return;
    pointer.current = null;
    lift();
  };
  return (
    <div
      class="frame board-frame"
      style={{ '--ratio': width / height }}
      role="group"
      tabIndex={0}
      aria-label={t.board}
      aria-describedby={hint}
      onKeyDown={press}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onPointerLeave={() => pointer.current === null && (at.value = null)}
    >
      <img class="photo" src={url} alt={easel.photoAlt(title[language.value])} draggable={false} />
      {mask.value && <Tinted {...mask.value} />}
      {at.value && tool.value !== 'fill' && (
        <span
          class="brush-ring"
          style={{
            left: `${100 * at.value.x}%`,
            top: `${100 * at.value.y}%`,
            width: `${(brush.value * side) / width}%`,
          }}
        />
      )}
      {at.value && tool.value === 'fill' && (
        <span
          class="brush-ring dot"
          style={{ left: `${100 * at.value.x}%`, top: `${100 * at.value.y}%` }}
        />
      )}
      <p class="for-screen-readers" id={hint}>
        {t.boardHint}
      </p>
    </div>
  );
}

function pointOf(event: PointerEvent & { currentTarget: HTMLElement }): Point {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
}

const ALPHA = Math.round(255 * OPACITY) << 24;
const pixelOf = (rgb: number): number =>
  (ALPHA | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;

/** Regions in their tints; what is left alone in stripes, so that it is not only a colour that tells it. */
function Tinted({ width, height, labels }: Mask) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const { current } = canvas;
    if (!current) return;
    [current.width, current.height] = [width, height];
    const image = new ImageData(width, height);
    // One number a pixel, its bytes red, green, blue and alpha from the low end.
    const pixels = new Uint32Array(image.data.buffer);
    const tints = TINTS.map((tint) => pixelOf(parseInt(tint.slice(1) || '0', 16)));
    const [light, dark] = [pixelOf(0xffffff), pixelOf(0x222222)];
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) {
        const label = labels[i]!;
        pixels[i] = label === LEFT ? ((x + y) % 12 < 6 ? light : dark) : tints[label]!;
      }
    current.getContext('2d')!.putImageData(image, 0, 0);
  }, [labels]);
  return <canvas ref={canvas} class="tinted" aria-hidden="true" />;
}
