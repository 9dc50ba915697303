import type { Localized } from '../../shared/languages.ts';

/** What the samples are called, by their ids. */
export const TITLES: Readonly<Record<string, Localized>> = {
  flower: { en: 'Dahlia', ru: 'Георгин' },
  lake: { en: 'Mountain lake', ru: 'Горное озеро' },
  'still-life': { en: 'Still life', ru: 'Натюрморт' },
  town: { en: 'Harbour town', ru: 'Город у гавани' },
  glass: { en: 'Stained glass', ru: 'Витраж' },
  ink: { en: 'Ink wash', ru: 'Тушь' },
  points: { en: 'Points of light', ru: 'Точки света' },
  shards: { en: 'Shards', ru: 'Осколки' },
  swirls: { en: 'Night swirls', ru: 'Ночные вихри' },
  waves: { en: 'Woodblock waves', ru: 'Волны с гравюры' },
};
