import { describe, expect, it } from 'vitest';
import { CENTRE, FIT, largestZoom, pan, zoomAt } from '../../web/studio/result/view.ts';

describe('zooming', () => {
  it('leaves what is under the pointer where it is', () => {
    const at = { x: 0.25, y: 0.75 };
    const view = zoomAt(FIT, 2, at, 8);
    expect(view.zoom * 0.25 + view.x).toBeCloseTo(0.25);
    expect(view.zoom * 0.75 + view.y).toBeCloseTo(0.75);
  });

  it('shows no edge, and ends at the whole picture and at the largest zoom', () => {
    const near = zoomAt(FIT, 4, CENTRE, 3);
    expect(near.zoom).toBe(3);
    expect(pan(near, { x: 5, y: -5 })).toMatchObject({ x: 0, y: -2 });
    expect(zoomAt(near, 0.01, CENTRE, 3)).toEqual(FIT);
  });

  it('goes as far as one pixel of the picture is four of the screen', () => {
    expect(largestZoom(1000, 500)).toBe(8);
    expect(largestZoom(100, 500)).toBe(4);
  });
});
