import type { Texts } from '../en/index.ts';

export const pick: Texts['pick'] = {
  photo: 'Фото',
  style: 'Стиль',
  another: 'Другое фото',
  addPhoto: 'Выбрать фото на устройстве',
  addStyle: 'Выбрать картину-стиль на устройстве',
  dropPhoto: 'Перерисовать это фото',
  dropStyle: 'Взять как стиль',
  photoReplaced: 'На мольберте новое фото.',
  styleAdded: 'Стиль добавлен в ряд.',
  useAsStyle: 'Взять её как стиль',
  undo: 'Вернуть',
  scaled: (from, to) => `Картинка очень большая (${from}), она уменьшена до ${to}.`,
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
