/** Zooming and panning as arithmetic. Lengths are in frames: 1 is the frame's width, or its height. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point p of the picture stands at zoom · p + (x, y) in the frame. */
export interface View extends Point {
  readonly zoom: number;
}

/** The whole picture. */
export const FIT: View = { zoom: 1, x: 0, y: 0 };
export const CENTRE: Point = { x: 0.5, y: 0.5 };

/** The picture covers the frame: no edge comes inside. */
const held = ({ zoom, x, y }: View): View => ({
  zoom,
  x: Math.min(0, Math.max(1 - zoom, x)),
  y: Math.min(0, Math.max(1 - zoom, y)),
});

/** What is at `at` stays there. */
export function zoomAt(view: View, factor: number, at: Point, largest: number): View {
  const zoom = Math.min(largest, Math.max(1, view.zoom * factor));
  const ratio = zoom / view.zoom;
  return held({ zoom, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio });
}

export const pan = ({ zoom, x, y }: View, by: Point): View =>
  held({ zoom, x: x + by.x, y: y + by.y });

/** As far as one picture point takes up four of the screen's, but always a few times. */
export const largestZoom = (pictureWidth: number, frameWidth: number): number =>
  Math.max(4, (4 * pictureWidth) / Math.max(1, frameWidth));
