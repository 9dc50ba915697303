import type { Texts } from '../en/index.ts';
import { decimals } from '../numbers.ts';
import { LOCALE } from './words.ts';

const number = (value: number) => decimals(LOCALE, value, value < 10 ? 1 : 0);

export const camera: Texts['camera'] = {
  open: 'Камера: сразу в выбранной манере',
  opening: 'Ждём камеру …',
  label: 'То, что видит камера, в выбранной манере',
  live: 'Вживую',
  first: 'Рисуется первый кадр …',
  unpainted: 'Рисовать на лету это устройство не может, но снимок перерисует.',
  take: 'Снять',
  turn: 'Другая камера',
  close: 'Выключить камеру',
  name: 'Камера',
  rate: (perSecond, width, height) =>
    perSecond >= 1
      ? `${number(perSecond)} кадра в секунду, ${width} × ${height}`
      : `кадр за ${number(1 / perSecond)} с, ${width} × ${height}`,
  trouble: {
    refused: 'Камерой здесь пользоваться нельзя.',
    none: 'Камера не нашлась.',
    busy: 'Камера не отвечает.',
  },
  advice: {
    refused:
      'Разрешите её этой странице в настройках браузера (значок рядом с адресом) или выберите фото на устройстве.',
    none: 'Подключите камеру или выберите фото на устройстве.',
    busy: 'Возможно, она занята другой программой: закройте её и попробуйте ещё раз или выберите фото на устройстве.',
  },
};
