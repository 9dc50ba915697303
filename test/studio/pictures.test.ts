import { beforeEach, describe, expect, it } from 'vitest';
import {
  chooseAlone,
  crowded,
  mixture,
  MOST_STYLES,
  setMixing,
  setMixture,
  shareOf,
  toggle,
  weigh,
} from '../../web/studio/pictures/mixture.ts';

describe('the mixture of styles', () => {
  beforeEach(() => {
    chooseAlone('a');
  });

  it('shares evenly between two, and gives a third the mean of the others', () => {
    toggle('b');
    weigh('b', 0.3);
    toggle('c');
    expect(mixture.value).toEqual([
      { id: 'a', weight: 0.5 },
      { id: 'b', weight: 0.3 },
      { id: 'c', weight: 0.4 },
    ]);
    expect(mixture.value.map(shareOf).reduce((sum, part) => sum + part)).toBeCloseTo(1);
  });

  it('keeps the last one, and the one that counts most when mixing ends', () => {
    toggle('a');
    expect(mixture.value).toEqual([{ id: 'a', weight: 1 }]);
    setMixture([
      { id: 'a', weight: 0.2 },
      { id: 'b', weight: 0.7 },
    ]);
    setMixing(false);
    expect(mixture.value).toEqual([{ id: 'b', weight: 1 }]);
  });

  it('has room for five, and says so', () => {
    setMixture(['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, weight: 0.5 })));
    expect(toggle('f')).toBe(false);
    expect(crowded.value).toBe(true);
    expect(mixture.value).toHaveLength(MOST_STYLES);
  });
});
