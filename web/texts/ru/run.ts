import type { Texts } from '../en/index.ts';
import { duration, megabytes } from '../numbers.ts';
import { LOCALE } from './words.ts';

export const run: Texts['run'] = {
  repaint: 'Перерисовать',
  painting: 'Рисуем …',
  restart: 'Начать заново с этим выбором',
  thin: {
    photo: (width, height, least) =>
      `Фото слишком узкое для этой сети: картина была бы ${width} × ${height} точек, а сети нужно хотя бы ${least} × ${least}.`,
    style: (width, height, least) =>
      `Стиль слишком узкий для этой сети: она увидит его как ${width} × ${height} точек, а ей нужно хотя бы ${least} × ${least}.`,
  },
  useNetwork: (name) => `Взять ${name}`,
  loading: 'Загружаем движок …',
  download: (name, loaded, total) =>
    `Получаем ${name}: ${megabytes(LOCALE, loaded)} из ${megabytes(LOCALE, total)}`,
  preparing: 'Изучаем обе картинки …',
  preparingScale: (width, height) => `Готовимся к ${width} × ${height} …`,
  stopping: 'Доделываем последний шаг …',
  paused: 'Пауза',
  progress: 'Ход работы',
  scale: (n, of) => `масштаб ${n} из ${of}`,
  step: (n, of) => `шаг ${n} из ${of}`,
  tile: (done, of) => `часть ${done} из ${of}`,
  speed: (perSecond) => `${perSecond} шаг/с`,
  secondsPerStep: (seconds) => `${seconds} с на шаг`,
  left: (seconds) => `осталось около ${duration(LOCALE, seconds)}`,
  pause: 'Пауза',
  resume: 'Дальше',
  stop: 'Закончить',
  stopNow: 'Прервать сразу',
  loadingUpscaler: 'Готовлю увеличение …',
  enlarging: (tile, of) => `увеличиваю, часть ${Math.min(tile + 1, of)} из ${of}`,
  news: 'Сообщить',
  newsHint: 'Уведомление, когда картина готова, если вы ушли в другое окно',
  curve: 'Кривая потерь',
  curveHint: 'Чем ниже, тем ближе к фото и стилю вместе. С новым масштабом кривая новая.',
  total: 'Всего',
  style: 'Стиль',
  content: 'Фото',
};
