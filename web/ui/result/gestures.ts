/** Pointers on the compared pictures: one moves the handle, or the picture once it is near; two pinch. */
import { CENTRE, FIT, largestZoom, pan, zoomAt, type Point } from '../../studio/result/view.ts';
import { split, view } from '../../studio/result/shown.ts';

/** Half the handle's width, in CSS pixels. */
const REACH = 24;
const NEARER = 2.5;
const WHEEL = 0.002;
const DOUBLE_CLICK = 500;

type Hand = 'split' | 'pan' | 'pinch' | null;

export class Gestures {
  readonly #pointers = new Map<number, Point>();
  readonly #width: () => number;
  #hand: Hand = null;
  /** Where the handle was before the first press of what may become a double click or a pinch. */
  #splitBefore = split.peek();
  #pressed = -Infinity;

  /** @param width of the largest picture there is, in its own pixels */
  constructor(width: () => number) {
    this.#width = width;
  }

  readonly down = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (event.button !== 0 || (event.target as Element).closest('button')) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = pointOf(event);
    this.#pointers.set(event.pointerId, at);
    if (this.#pointers.size === 2) {
      split.value = this.#splitBefore;
      this.#hand = 'pinch';
    } else if (this.#pointers.size === 1) {
      if (event.timeStamp - this.#pressed > DOUBLE_CLICK) this.#splitBefore = split.value;
      this.#pressed = event.timeStamp;
      const { width } = event.currentTarget.getBoundingClientRect();
      const onHandle = Math.abs(at.x - split.value / 100) * width <= REACH;
      this.#hand = view.value.zoom > 1 && !onHandle ? 'pan' : 'split';
      if (this.#hand === 'split' && !onHandle) split.value = percent(at);
    }
  };

  readonly move = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const from = this.#pointers.get(event.pointerId);
    if (!from) return;
    const to = pointOf(event);
    this.#pointers.set(event.pointerId, to);
    if (this.#hand === 'split') split.value = percent(to);
    if (this.#hand === 'pan') view.value = pan(view.value, minus(to, from));
    if (this.#hand === 'pinch') this.#pinch(event, from, to);
  };

  readonly up = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
    // A finger that stays after a pinch goes on moving the picture.
    this.#hand = this.#pointers.size === 1 && view.value.zoom > 1 ? 'pan' : null;
  };

  /** The browser took the pointer for scrolling the page. */
  readonly cancel = (event: PointerEvent): void => {
    if (this.#hand === 'split') split.value = this.#splitBefore;
    this.up(event);
  };

  readonly wheel = (event: WheelEvent & { currentTarget: HTMLElement }): void => {
    const page = document.documentElement;
    const pageScrolls = page.scrollHeight > page.clientHeight;
    if (pageScrolls && !event.ctrlKey && view.value.zoom === 1) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    // Pinching on a touchpad comes as a wheel with ctrl, in small portions.
    const speed = event.ctrlKey ? 5 * WHEEL : WHEEL;
    const factor = Math.exp(-event.deltaY * lines * speed);
    this.#zoom(event.currentTarget, factor, pointOf(event));
  };

  readonly doubleClick = (event: MouseEvent & { currentTarget: HTMLElement }): void => {
    if ((event.target as Element).closest('button')) return;
    split.value = this.#splitBefore;
    if (view.value.zoom > 1) view.value = FIT;
    else this.#zoom(event.currentTarget, NEARER, pointOf(event));
  };

  /** Steps of the keyboard and the buttons, around the middle. */
  step(element: HTMLElement, factor: number): void {
    this.#zoom(element, factor, CENTRE);
  }

  #zoom(element: HTMLElement, factor: number, at: Point): void {
    const largest = largestZoom(this.#width(), element.clientWidth);
    view.value = zoomAt(view.value, factor, at, largest);
  }

  #pinch(event: PointerEvent & { currentTarget: HTMLElement }, from: Point, to: Point): void {
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const { width, height } = event.currentTarget.getBoundingClientRect();
    const distance = (p: Point) => Math.hypot((p.x - other.x) * width, (p.y - other.y) * height);
    const middle = (p: Point): Point => ({ x: (p.x + other.x) / 2, y: (p.y + other.y) / 2 });
    view.value = pan(view.value, minus(middle(to), middle(from)));
    const factor = distance(to) / Math.max(1, distance(from));
    this.#zoom(event.currentTarget, factor, middle(to));
  }
}

/** In frames, as in view.ts. */
function pointOf(event: MouseEvent & { currentTarget: HTMLElement }): Point {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
}

const minus = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y });
const percent = ({ x }: Point) => Math.min(100, Math.max(0, 100 * x));
