/** What brushes do to a mask: on labels, in place. Points are parts of the picture, 0..1 each way. */
import type { Mask } from '../../../shared/mask.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line with round ends. `width`: of the brush, as a part of the picture's longer side. */
export function stroke(
  { width, height, labels }: Mask,
  from: Point,
  to: Point,
  brush: number,
  label: number,
): void {
  const radius = Math.max(0.5, (brush * Math.max(width, height)) / 2);
  const [ax, ay] = [from.x * width, from.y * height];
  const [dx, dy] = [to.x * width - ax, to.y * height - ay];
  const length = dx * dx + dy * dy;
  const [left, right] = [Math.min(ax, ax + dx) - radius, Math.max(ax, ax + dx) + radius];
  const [top, bottom] = [Math.min(ay, ay + dy) - radius, Math.max(ay, ay + dy) + radius];
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); x++) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
      const [ex, ey] = [px - along * dx, py - along * dy];
      if (ex * ex + ey * ey <= radius * radius) labels[y * width + x] = label;
    }
  }
}

/** Whatever hangs together with the point and has its label. */
export function fill({ width, height, labels }: Mask, at: Point, label: number): void {
  const x = Math.min(width - 1, Math.max(0, Math.floor(at.x * width)));
  const y = Math.min(height - 1, Math.max(0, Math.floor(at.y * height)));
  const from = labels[y * width + x]!;
  if (from === label) return;
  const waiting = [y * width + x];
  labels[waiting[0]!] = label;
  const reach = (i: number) => {
    if (labels[i] !== from) return;
    labels[i] = label;
    waiting.push(i);
  };
  for (let i; (i = waiting.pop()) !== undefined;) {
    if (i % width > 0) reach(i - 1);
    if (i % width < width - 1) reach(i + 1);
    if (i >= width) reach(i - width);
    if (i < width * (height - 1)) reach(i + width);
  }
}

/** The two change places. */
export function swap({ labels }: Mask, a: number, b: number): void {
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === a) labels[i] = b;
    else if (labels[i] === b) labels[i] = a;
  }
}
