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
  still: 'Картинка движется; взят её первый кадр.',
  mix: 'Смешать',
  mixOf: (n) => `смесь: ${plural(n, 'стиль', 'стиля', 'стилей')}`,
  mixHint: (most) => `Коснитесь стилей, которые смешать: до ${most}.`,
  crowded: (most) => `В смеси не больше ${most} стилей. Уберите один, чтобы добавить другой.`,
  weightOf: (title) => `Вес стиля «${title}»`,
  percent: (share) => `${Math.round(100 * share)}\u00a0%`,
};

export const refuse: Texts['refuse'] = {
  text: (name) => `«${name}» — это текст, а не картинка.`,
  svg: (name) => `«${name}» — это чертёж (SVG), а не фото.`,
  heic: (name) => `Этот браузер не читает «${name}»: это формат HEIC от Apple.`,
  video: (name) => `«${name}» — это видео.`,
  empty: (name) => `Файл «${name}» пуст.`,
  broken: (name) => `«${name}» не читается как картинка; возможно, файл повреждён.`,
  unknown: (name) => `«${name}» — не картинка, которую знает этот браузер.`,
  advice: 'Выберите файл JPEG, PNG, WebP или AVIF.',
  adviceSvg: 'Сохраните его как PNG и выберите этот файл.',
  adviceHeic:
    'Сохраните его как JPEG, а на iPhone выберите «Камера › Форматы › Наиболее совместимые».',
  adviceVideo: 'Сделайте снимок нужного кадра и выберите его.',
  kept: 'Ничего не изменилось.',
};
