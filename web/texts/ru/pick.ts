import { PICTURE_WORDS } from '../../../shared/pictures/words.ts';
import type { Texts } from '../en/index.ts';
import { plural } from './words.ts';

export const pick: Texts['pick'] = {
  photo: 'Фото',
  style: 'Стиль',
  another: 'Другое фото',
  addPhoto: 'Выбрать фото на устройстве',
  addStyle: 'Выбрать картины-стили на устройстве',
  camera: 'Снять на камеру',
  dropPhoto: 'Перерисовать это фото',
  dropStyle: 'Взять как стиль',
  photoReplaced: 'На мольберте новое фото.',
  stylesAdded: (n) =>
    n === 1 ? 'Стиль добавлен в ряд.' : `Новое в ряду: ${plural(n, 'стиль', 'стиля', 'стилей')}.`,
  useAsStyle: 'Взять её как стиль',
  undo: 'Вернуть',
  scaled: (from, to) => `Картинка очень большая (${from}), она уменьшена до ${to}.`,
  networkTaken: (name) =>
    `Сеть «${name}» теперь на этом устройстве и рисует с этого момента. Её слои — в настройках.`,
  mix: 'Смешать',
  mixOf: (n) => `смесь: ${plural(n, 'стиль', 'стиля', 'стилей')}`,
  mixHint: (most) => `Коснитесь стилей, которые смешать: до ${most}.`,
  crowded: (most) => `В смеси не больше ${most} стилей. Уберите один, чтобы добавить другой.`,
  weightOf: (title) => `Вес стиля «${title}»`,
  percent: (share) => `${Math.round(100 * share)}\u00a0%`,
};

export const refuse: Texts['refuse'] = { ...PICTURE_WORDS.ru, kept: 'Ничего не изменилось.' };
