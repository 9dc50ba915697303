import type { Texts } from '../en/index.ts';
import { duration } from '../numbers.ts';
import { UNITS, steps } from './words.ts';

export const result: Texts['result'] = {
  save: 'Сохранить PNG',
  back: 'К фото',
  summary: (width, height, count, seconds) =>
    `${width} × ${height}, ${steps(count)} за ${duration(UNITS, seconds)}`,
  stopped: 'Остановлено раньше срока; это лучшее, что вышло.',
  cut: 'Прервано; это последний показанный вид.',
  announced: 'Картина готова.',
  notSaved: 'Не удалось сохранить картину.',
};
