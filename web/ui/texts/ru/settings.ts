import type { Texts } from '../en/index.ts';
import { duration, megabytes } from '../numbers.ts';
import { UNITS, steps } from './words.ts';

export const settings: Texts['settings'] = {
  network: 'Сеть',
  networkHint: 'Та, что смотрит на картинки.',
  noNetworks: 'Не удалось получить список сетей.',
  retry: 'Ещё раз',
  look: 'Вид',
  looks: { quick: 'Быстро', balanced: 'В меру', best: 'Лучше' },
  lookHint: steps,
  size: 'Размер',
  sizeHint: 'Длинная сторона картины',
  pixels: (n) => `${n} пикс.`,
  megabytes: (bytes) => megabytes(UNITS, bytes),
  about: (seconds) => `около ${duration(UNITS, seconds)} на этом устройстве`,
};
