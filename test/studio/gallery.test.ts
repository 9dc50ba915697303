import { describe, expect, it } from 'vitest';
import { inEach } from '../../shared/languages.ts';
import { PRESETS } from '../../shared/settings.ts';
import { Names } from '../../web/studio/gallery/names.ts';
import { search } from '../../web/studio/gallery/search.ts';
import type { GalleryEntry } from '../../web/storage/records.ts';

const entry = (id: string, changes: Partial<GalleryEntry>): GalleryEntry => ({
  id,
  created: Date.UTC(2025, 2, 31, 12),
  width: 640,
  height: 480,
  models: ['lite-vgg'],
  photo: { ...inEach(() => 'Lake'), ru: 'Озеро' },
  styles: [{ ...inEach(() => 'Waves'), ru: 'Волны' }],
  settings: PRESETS.default,
  steps: 200,
  seconds: 12,
  thumbnail: new Blob(),
  bytes: 1000,
  ...changes,
});

const all = [
  entry('lake', {}),
  entry('town', {
    photo: { ...inEach(() => 'Town'), ru: 'Город' },
    created: 1,
    width: 1024,
    height: 768,
  }),
];
const find = (question: string) =>
  search(all, question, 'newest', 'en', (id) => (id === 'lite-vgg' ? 'VGG, small' : id)).map(
    ({ id }) => id,
  );

describe('looking for a picture', () => {
  it('finds every word of the question, in either language', () => {
    expect(find('waves')).toEqual(['lake', 'town']);
    expect(find('озеро волны')).toEqual(['lake']);
    expect(find('lake town')).toEqual([]);
  });

  it('knows dates, sizes and networks', () => {
    expect(find('2025-03-31')).toEqual(['lake']);
    expect(find('1024x768')).toEqual(['town']);
    expect(find('small')).toEqual(['lake', 'town']);
  });

  it('puts them in order', () => {
    const order = (by: 'oldest' | 'largest') =>
      search(all, '', by, 'en', (id) => id).map(({ id }) => id);
    expect(order('oldest')).toEqual(['town', 'lake']);
    expect(order('largest')).toEqual(['town', 'lake']);
  });
});

describe('names of files', () => {
  it('are each given once', () => {
    const names = new Names();
    const given = ['lake', 'lake', 'lake-2', 'lake'].map((name) => names.give(name));
    expect(new Set(given).size).toBe(4);
    expect(given.slice(0, 2)).toEqual(['lake', 'lake-2']);
  });
});
