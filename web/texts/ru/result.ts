import type { Texts } from '../en/index.ts';
import { duration } from '../numbers.ts';
import { LOCALE, plural, steps } from './words.ts';

export const result: Texts['result'] = {
  save: 'Сохранить',
  saveAs: 'Сохранить в другом формате',
  formats: {
    png: { label: 'PNG', hint: 'без потерь, с настройками внутри' },
    jpeg: { label: 'JPEG', hint: 'небольшой, открывается везде' },
    webp: { label: 'WebP', hint: 'ещё меньше' },
  },
  copy: 'Копировать',
  copied: 'Скопировано',
  share: 'Поделиться',
  back: 'К фото',
  proceed: 'Продолжить',
  proceedHint: 'Продолжить: ещё шаги от этой картины',
  moreSteps: (n) => `Ещё ${plural(n, 'шаг', 'шага', 'шагов')}`,
  enlarge: 'Увеличить ×4',
  timelapse: 'Таймлапс',
  filming: (percent) => `Снимаем: ${percent} %`,
  stopFilming: (percent) => `Отменить таймлапс, готово ${percent} %`,
  strength: 'Сила',
  strengthHint: 'Сила стиля: сколько от картины и сколько от фотографии',
  percent: (n) => `${Math.round(n)} %`,
  pairs: 'Сравнить',
  compare: (left, right) => `Сравнение: слева ${left}, справа ${right}`,
  zoomable: 'Картины: плюс и минус меняют масштаб, 0 показывает целиком, стрелки двигают',
  zoomIn: 'Приблизить',
  zoomOut: 'Отдалить',
  zoomFit: (times) => `Показать целиком, сейчас ${times}`,
  summary: (width, height, count, seconds) =>
    `${width} × ${height}, ${steps(count)} за ${duration(LOCALE, seconds)}`,
  stopped: 'Остановлено раньше срока; это лучшее, что вышло.',
  cut: 'Прервано; это последний показанный вид.',
  announced: 'Картина готова.',
  notSaved: 'Не удалось сохранить картину. Попробуйте другой формат или картину до увеличения.',
  notCopied: 'Браузер не принял картину в буфер обмена. Сохраните её файлом.',
  notShared: 'Не удалось поделиться картиной. Сохраните её файлом.',
  notFilmed: 'Этот браузер не смог снять фильм.',
  recognised: 'Эта картина сделана в Restyle, и её настройки внутри.',
  useSettings: 'Взять её настройки',
  followed: 'Сеть, вид, размер и настройки теперь как у той картины.',
  missing: (titles) =>
    `Стилем была чья-то своя картинка (${titles.map((title) => `«${title}»`).join(', ')}): перетащите её в ленту, если она у вас есть.`,
  useAsPhoto: 'Взять как фото',
};
