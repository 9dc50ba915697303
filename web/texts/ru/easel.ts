import type { Texts } from '../en/index.ts';

export const easel: Texts['easel'] = {
  label: 'Мольберт',
  photo: 'Фото',
  pastiche: 'Картина',
  photoAlt: (name) => `Фото: ${name}`,
  pasticheAlt: (style) => `Фото, перерисованное в манере: ${style}`,
  compare: 'Сравнение: сколько показывать от фотографии',
  hint: 'Другое фото или картину-образец можно перетащить или вставить в любое место страницы.',
  empty: 'Перетащите сюда фото, вставьте его или выберите файл.',
};
