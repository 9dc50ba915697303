import type { Texts } from '../en/index.ts';

export const faults: Texts['faults'] = {
  'invalid-request': 'Так нарисовать не получится.',
  'invalid-model': 'Сеть не загрузилась.',
  'unsupported-operator': 'В этой сети есть то, чего страница не умеет считать.',
  'backend-unavailable': 'Движок не запустился.',
  'out-of-memory': 'Картина не помещается в память устройства.',
  'device-lost': 'Браузер отобрал видеокарту.',
  compute: 'Движок сломался по дороге.',
  cancelled: 'Остановлено раньше, чем что-то вышло.',
};

export const faultAdvice: Texts['faultAdvice'] = {
  'invalid-request': 'Выберите другие картинки или настройки.',
  'invalid-model': 'Проверьте связь и попробуйте ещё раз или выберите другую сеть.',
  'unsupported-operator': 'Выберите другую сеть.',
  'backend-unavailable': 'Проверьте связь и обновите страницу.',
  'out-of-memory': 'Меньшему размеру нужно гораздо меньше памяти.',
  'device-lost':
    'Так бывает после сна или обновления драйвера. Начните снова или обойдитесь без видеокарты.',
  compute: 'Попробуйте ещё раз или без видеокарты.',
  cancelled: '',
};

export const actions: Texts['actions'] = {
  again: 'Ещё раз',
  smaller: (size) => `Рисовать в ${size} пикс.`,
  lite: 'Взять малую сеть',
  wasm: 'Без видеокарты',
  dismiss: 'Закрыть',
  details: 'Подробности',
};
