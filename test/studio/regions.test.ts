import './kit/place.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { PRESETS } from '../../shared/settings.ts';
import { labelsOf, type Mask } from '../../shared/mask.ts';
import type { Picture } from '../../web/studio/pictures/picture.ts';

const { chooseAlone, setMixture } = await import('../../web/studio/pictures/mixture.ts');
const { choosePhoto, pictures } = await import('../../web/studio/pictures/picked.ts');
const regions = await import('../../web/studio/regions/regions.ts');
const { sameWish } = await import('../../web/studio/run/wish.ts');
const { adopt, brush, choosePaint, clear, drag, invert, lift, mask, redo, takeBack } = regions;
const { paint, tool, touch, undo } = regions;

const picture = (id: string, width = 400, height = 300): Picture => {
  return { id, title: { en: id, ru: id }, url: 'data:,', width, height, own: true };
};
const mix = (...ids: string[]) => setMixture(ids.map((id) => ({ id, weight: 0.5 })));
const at = ({ width, height, labels }: Mask, x: number, y: number) =>
  labels[Math.floor(y * height) * width + Math.floor(x * width)];
/** Labels along the middle, from left to right. */
const across = () => [0.05, 0.3, 0.5, 0.7, 0.95].map((x) => mask.value && at(mask.value, x, 0.5));

beforeEach(() => {
  pictures.photo.value = [picture('lake'), picture('tower', 300, 400)];
  pictures.style.value = ['waves', 'glass', 'ink'].map((id) => picture(id));
  choosePhoto('lake');
  mix('waves', 'glass');
  adopt(null);
  tool.value = 'brush';
  brush.value = 10;
  choosePaint(2);
});

describe('regions on the photo', () => {
  it('are the same everywhere until something is painted', () => {
    expect(mask.value).toBeNull();
    touch({ x: 0.3, y: 0.5 });
    drag({ x: 0.5, y: 0.5 });
    lift();
    expect(mask.value).toMatchObject({ width: 512, height: 384 });
    expect(across()).toEqual([1, 2, 2, 1, 1]);
    // As wide as the brush, with round ends.
    expect([0.41, 0.45, 0.55, 0.6].map((y) => at(mask.value!, 0.4, y))).toEqual([1, 2, 2, 1]);
  });

  it('are rubbed out, filled, inverted and taken away', () => {
    touch({ x: 0.5, y: 0.5 });
    tool.value = 'eraser';
    touch({ x: 0.5, y: 0.5 });
    expect(across()).toEqual([1, 1, 1, 1, 1]);
    tool.value = 'brush';
    touch({ x: 0.5, y: 0 });
    drag({ x: 0.5, y: 1 });
    tool.value = 'fill';
    choosePaint(0);
    touch({ x: 0.9, y: 0.1 });
    expect(across()).toEqual([1, 1, 2, 0, 0]);
    invert();
    expect(across()).toEqual([0, 0, 2, 1, 1]);
    clear();
    expect(mask.value).toBeNull();
  });

  it('go back a stroke at a time, and forth again', () => {
    touch({ x: 0.3, y: 0.5 });
    drag({ x: 0.35, y: 0.5 });
    lift();
    touch({ x: 0.7, y: 0.5 });
    lift();
    undo();
    expect(across()).toEqual([1, 2, 1, 1, 1]);
    undo();
    expect(mask.value).toBeNull();
    undo();
    redo();
    redo();
    expect(across()).toEqual([1, 2, 1, 2, 1]);
    // The first finger of two has not painted.
    touch({ x: 0.95, y: 0.5 });
    takeBack();
    expect(across()).toEqual([1, 2, 1, 2, 1]);
    redo();
    expect(across()).toEqual([1, 2, 1, 2, 1]);
  });

  it('follow their styles when these change places or go', () => {
    touch({ x: 0.5, y: 0.5 });
    mix('glass', 'waves');
    expect(across()).toEqual([2, 2, 1, 2, 2]);
    mix('waves', 'ink', 'glass');
    expect(across()).toEqual([1, 1, 3, 1, 1]);
    // What had the style that is gone is the first one's, until it comes back.
    mix('waves', 'ink');
    expect(labelsOf(mask.value!)).toEqual([1]);
    mix('waves', 'glass');
    expect(across()).toEqual([1, 1, 2, 1, 1]);
  });

  it('are of their photo, and there again with it', () => {
    touch({ x: 0.5, y: 0.5 });
    choosePhoto('tower');
    expect(mask.value).toBeNull();
    expect(adopt({ width: 40, height: 30, labels: new Uint8Array(1200) })).toBe(false);
    choosePhoto('lake');
    expect(across()).toEqual([1, 1, 2, 1, 1]);
  });

  it('leave the photo alone where there is one style, and are nothing where it is everywhere', () => {
    chooseAlone('waves');
    tool.value = 'fill';
    choosePaint(1);
    touch({ x: 0.5, y: 0.5 });
    expect(mask.value).toBeNull();
    tool.value = 'brush';
    choosePaint(0);
    expect(paint.value).toBe(0);
    touch({ x: 0.5, y: 0.5 });
    expect(across()).toEqual([1, 1, 0, 1, 1]);
  });

  it('come back with a recipe, and make another wish', () => {
    const half = {
      width: 8,
      height: 6,
      labels: new Uint8Array(48).map((_, i) => 1 + +(i % 8 > 3)),
    };
    expect(adopt(half)).toBe(true);
    expect(across()).toEqual([1, 1, 2, 2, 2]);
    const wish = { photo: picture('lake'), styles: [], networks: [], upscaler: null } as const;
    const wished = { ...wish, settings: PRESETS.default, mask: mask.value, origin: null };
    expect(sameWish(wished, { ...wished, mask: { ...half } })).toBe(true);
    expect(sameWish(wished, { ...wished, mask: null })).toBe(false);
    expect(regions.canUndo.value).toBe(false);
  });
});
