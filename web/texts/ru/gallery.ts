import type { Texts } from '../en/index.ts';
import { duration, gigabytes, megabytes } from '../numbers.ts';
import { plural, steps, LOCALE } from './words.ts';

const pictures = (n: number) => plural(n, 'картина', 'картины', 'картин');

const room = (bytes: number) => (bytes < 1e9 ? megabytes(LOCALE, bytes) : gigabytes(LOCALE, bytes));

export const gallery: Texts['gallery'] = {
  title: 'Галерея',
  back: 'К мольберту',
  loading: 'Открываем галерею …',
  notLoaded: 'Галерея не открылась. Проверьте связь и попробуйте ещё раз.',
  unreadable:
    'Браузер не разрешает странице хранить здесь картины: возможно, это приватное окно. То, что понравится, сохраняйте в файл.',
  pictures,
  empty: 'Здесь пока ничего не висит.',
  emptyAdvice: 'Всё, что вы нарисуете, сохранится здесь само: на этом устройстве и больше нигде.',
  paint: 'Нарисовать первую',

  search: 'Поиск',
  searchHint: 'Стиль, фото, сеть, дата или размер',
  order: 'Порядок',
  orders: { newest: 'Сначала новые', oldest: 'Сначала старые', largest: 'Сначала большие' },
  found: (n) => `Нашлось: ${pictures(n)}`,
  none: 'Под эти слова ничего не подходит.',
  clear: 'Показать все',
  card: (photo) => `${photo}, в манере:`,

  close: 'Закрыть',
  previous: 'Предыдущая',
  next: 'Следующая',
  photo: 'Фото',
  styles: 'Стиль',
  models: 'Сеть',
  made: 'Нарисована',
  size: 'Размер',
  work: 'Работа',
  worked: (count, seconds) => `${steps(count)} за ${duration(LOCALE, seconds)}`,
  file: 'На устройстве',
  megabytes: (bytes) => megabytes(LOCALE, bytes),
  missing: 'Самой картины здесь больше нет: возможно, её удалил браузер.',

  save: 'Сохранить PNG',
  share: 'Поделиться',
  asPhoto: 'Взять как фото',
  asStyle: 'Взять как стиль',
  likeThis: 'Рисовать с этими настройками',
  delete: 'Удалить',
  deleted: (n) =>
    n === 1
      ? 'Картина удалена.'
      : `${plural(n, 'картина удалена', 'картины удалены', 'картин удалено')}.`,

  export: 'Всё в ZIP',
  exporting: (done, total) => `Упаковано ${done} из ${total}`,
  cancel: 'Отменить',
  notExported: 'ZIP не получился. Попробуйте ещё раз или сохраните картины по одной.',

  full: 'Для этой картины в галерее больше нет места.',
  fullAdvice:
    'На мольберте она в безопасности: сохраните её в файл. Или удалите либо выгрузите что-нибудь из галереи, и она сохранится сама.',
  makeRoom: 'Освободить место',
  unkept: 'Эта картина не сохранилась в галерее.',
  unkeptAdvice: 'На мольберте она в безопасности: если нравится, сохраните её в файл.',

  space: 'Место на устройстве',
  used: (kept, used, available) => {
    const whole = `страница занимает ${room(used)}; браузер даёт ей до ${room(available)}.`;
    return kept > 0
      ? `Картины занимают ${room(kept)}. Вместе с сетями и всем остальным ${whole}`
      : `Всего ${whole}`;
  },
  usedOnly: (kept) => `Картины занимают ${room(kept)}.`,
  persisted: 'Браузер хранит всё это, пока вы сами не удалите.',
  volatile: 'Браузер может удалить это, когда на диске кончится место.',
  persist: 'Попросить хранить всё',

  networks: 'Сети',
  ownNetwork: 'Добавить сеть',
  ownNetworkHint:
    'Любая сеть ONNX из поддерживаемых операторов, принимающая картинки RGB: файл .onnx вместе с файлами, где лежат её веса. Его можно и перетащить на страницу; он остаётся на этом устройстве.',
  networksHint: 'Загружаются при первом использовании и потом доступны без связи.',
  here: (bytes) => `${megabytes(LOCALE, bytes)}, на устройстве`,
  partly: (loaded, total) =>
    `${megabytes(LOCALE, loaded)} из ${megabytes(LOCALE, total)}: загрузка прервалась`,
  coming: (loaded, total) => `${megabytes(LOCALE, loaded)} из ${megabytes(LOCALE, total)}`,
  notHere: (bytes) => `${megabytes(LOCALE, bytes)}, не загружена`,
  earlier: (bytes) => `${megabytes(LOCALE, bytes)}, больше не нужна`,
  unreachable: 'Загрузить не удалось. Проверьте связь.',
  download: 'Загрузить',
  goOn: 'Продолжить',
  remove: 'Удалить',
  of: (verb, name) => `${verb}: ${name}`,
};
