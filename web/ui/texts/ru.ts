import type { Texts } from './en.ts';
import { duration, megabytes, type Units } from './numbers.ts';

const UNITS: Units = { locale: 'ru', second: 'с', minute: 'мин', hour: 'ч', megabyte: 'МБ' };
const rules = new Intl.PluralRules(UNITS.locale);

/** One of three forms: 1 шаг, 2 шага, 5 шагов. */
function plural(n: number, one: string, few: string, many: string): string {
  const rule = rules.select(n);
  return `${n} ${rule === 'one' ? one : rule === 'few' ? few : many}`;
}

const steps = (n: number) => plural(n, 'шаг', 'шага', 'шагов');

export const ru: Texts = {
  locale: UNITS.locale,
  title: 'Restyle',
  description: 'Перерисуйте фотографию в манере картины на своём устройстве',
  language: 'Язык',
  private: 'Ваши картинки не покидают устройство.',
  ownPicture: 'Своя картинка',

  easel: {
    label: 'Мольберт',
    photo: 'Фото',
    pastiche: 'Картина',
    photoAlt: (name) => `Фото: ${name}`,
    pasticheAlt: (style) => `Фото, перерисованное в манере: ${style}`,
    compare: 'Сравнение: сколько показывать от фотографии',
    hint: 'Другое фото или картину-образец можно перетащить или вставить в любое место страницы.',
    empty: 'Перетащите сюда фото, вставьте его или выберите файл.',
  },

  pick: {
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
  },

  refuse: {
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
  },

  settings: {
    network: 'Сеть',
    networkHint: 'Та, что смотрит на картинки.',
    noNetworks: 'Не удалось получить список сетей.',
    retry: 'Ещё раз',
    look: 'Вид',
    looks: { quick: 'Быстро', balanced: 'В меру', best: 'Лучше' },
    lookHint: steps,
    size: 'Размер',
    sizeHint: 'Длинная сторона картины',
    pixels: (n) => `${n} пикс.`,
    megabytes: (bytes) => megabytes(UNITS, bytes),
    about: (seconds) => `около ${duration(UNITS, seconds)} на этом устройстве`,
  },

  backend: {
    asking: 'Смотрим, на что способно устройство …',
    gpu: (adapter) =>
      adapter
        ? `Работает на видеокарте: WebGPU на ${adapter}.`
        : 'Работает на видеокарте через WebGPU.',
    wasm: (n) => `Работает на процессоре: WebAssembly, ${plural(n, 'поток', 'потока', 'потоков')}.`,
    reasons: {
      gpu: '',
      asked: 'Так указано в адресе.',
      'no-webgpu': 'В этом браузере нет WebGPU.',
      'no-adapter': 'WebGPU не нашёл здесь видеокарты.',
      'software-adapter': 'WebGPU здесь лишь изображается процессором, а это медленнее.',
      'gpu-failed': 'Видеокарта есть, но не запустилась.',
    },
    notIsolated: 'Поток один, потому что сервер не изолирует страницу.',
  },

  run: {
    repaint: 'Перерисовать',
    painting: 'Рисуем …',
    restart: 'Начать заново с этим выбором',
    loading: 'Загружаем движок …',
    download: (name, loaded, total) =>
      `Получаем ${name}: ${megabytes(UNITS, loaded)} из ${megabytes(UNITS, total)}`,
    preparing: 'Изучаем обе картинки …',
    preparingScale: (width, height) => `Готовимся к ${width} × ${height} …`,
    stopping: 'Доделываем последний шаг …',
    paused: 'Пауза',
    progress: 'Ход работы',
    scale: (n, of) => `масштаб ${n} из ${of}`,
    step: (n, of) => `шаг ${n} из ${of}`,
    speed: (perSecond) => `${perSecond} шаг/с`,
    secondsPerStep: (seconds) => `${seconds} с на шаг`,
    left: (seconds) => `осталось около ${duration(UNITS, seconds)}`,
    pause: 'Пауза',
    resume: 'Дальше',
    stop: 'Хватит, оставить',
    stopNow: 'Прервать сразу',
    curve: 'Кривая потерь',
    curveHint: 'Чем ниже, тем ближе к фото и стилю вместе. С новым масштабом кривая новая.',
    total: 'Всего',
    style: 'Стиль',
    content: 'Фото',
  },

  result: {
    save: 'Сохранить PNG',
    back: 'К фото',
    summary: (width, height, count, seconds) =>
      `${width} × ${height}, ${steps(count)} за ${duration(UNITS, seconds)}`,
    stopped: 'Остановлено раньше срока; это лучшее, что вышло.',
    cut: 'Прервано; это последний показанный вид.',
    announced: 'Картина готова.',
    notSaved: 'Не удалось сохранить картину.',
  },

  faults: {
    'invalid-request': 'Так нарисовать не получится.',
    'invalid-model': 'Сеть не загрузилась.',
    'unsupported-operator': 'В этой сети есть то, чего страница не умеет считать.',
    'backend-unavailable': 'Движок не запустился.',
    'out-of-memory': 'Картина не помещается в память устройства.',
    'device-lost': 'Браузер отобрал видеокарту.',
    compute: 'Движок сломался по дороге.',
    cancelled: 'Остановлено раньше, чем что-то вышло.',
  },
  faultAdvice: {
    'invalid-request': 'Выберите другие картинки или настройки.',
    'invalid-model': 'Проверьте связь и попробуйте ещё раз или выберите другую сеть.',
    'unsupported-operator': 'Выберите другую сеть.',
    'backend-unavailable': 'Проверьте связь и обновите страницу.',
    'out-of-memory': 'Меньшему размеру нужно гораздо меньше памяти.',
    'device-lost':
      'Так бывает после сна или обновления драйвера. Начните снова или обойдитесь без видеокарты.',
    compute: 'Попробуйте ещё раз или без видеокарты.',
    cancelled: '',
  },
  actions: {
    again: 'Ещё раз',
    smaller: (size) => `Рисовать в ${size} пикс.`,
    wasm: 'Без видеокарты',
    dismiss: 'Закрыть',
    details: 'Подробности',
  },
};
