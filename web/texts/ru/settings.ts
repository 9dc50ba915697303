import type { Texts } from '../en/index.ts';
import { duration, megabytes } from '../numbers.ts';
import { LOCALE, steps } from './words.ts';

const about = (seconds: number) => `около ${duration(LOCALE, seconds)} на этом устройстве`;
const memory = (bytes: number) => `${megabytes(LOCALE, bytes)} памяти`;

export const settings: Texts['settings'] = {
  network: 'Сеть',
  networkHint: 'Та, что смотрит на картинки',
  bothHint: 'По картине от каждой, рядом',
  families: { vgg: 'VGG', resnet: 'ResNet', both: 'Обе' },
  version: 'Версия',
  versions: { small: 'Малая', full: 'Полная' },
  comesAlong: (bytes) => `${megabytes(LOCALE, bytes)}, уже здесь`,
  download: (bytes) => `загрузить ${megabytes(LOCALE, bytes)}`,
  here: (bytes) => `${megabytes(LOCALE, bytes)}, на устройстве`,
  noNetworks: 'Не удалось получить список сетей.',
  retry: 'Ещё раз',

  look: 'Вид',
  looks: { quick: 'Быстро', balanced: 'В меру', best: 'Лучше', soft: 'Мягко', strong: 'Сильно' },
  lookAbout: {
    quick: 'Первое впечатление за треть времени.',
    balanced: 'Фото и стиль в равновесии.',
    best: 'То же, но дольше и тоньше.',
    soft: 'Больше от фото, стиль лишь слегка.',
    strong: 'Больше от стиля; фото едва угадывается.',
  },
  lookHint: steps,
  lookChanged: (n) => `${steps(n)}, изменено вами`,

  sizeHint: 'Длинная сторона картины',
  pixels: (n) => `${n} пикс.`,
  about,
  needs: (seconds, bytes) => {
    const time = seconds === null ? '' : duration(LOCALE, seconds);
    const room = bytes === null ? '' : memory(bytes);
    const both = [time && `${time} на этом устройстве`, room].filter(Boolean).join(', ');
    return both && `Около ${both}.`;
  },
  tooMuch: 'Для этого устройства это может быть слишком много.',

  coloursAbout: {
    style: 'Такие, какими их пишет стиль.',
    palette: 'В конце поправляются, чтобы ни один цвет не был стилю чужим.',
    photo: 'Сначала перекрашивается стиль: его кисть в палитре вашего фото.',
    luminance: 'Переписываются только свет и тень, каждый цвет остаётся на месте.',
  },
  upscale: 'Потом увеличить ×4',
  enlargement: 'Увеличение',
  upscalers: {
    'lite-sr': { label: 'Точное', hint: 'без домыслов' },
    'lite-sr-crisp': { label: 'Чёткое', hint: 'чистые края' },
  },
  becomes: (width, height) => `Картинка станет ${width} × ${height}.`,

  advanced: 'Тонкая настройка',
  changed: (n) => `изменено: ${n}`,
  advancedHint: 'Для любопытных: начните с вида, а «Сбросить» вернёт к нему.',
  off: 'нет',
  layerWeight: (tap) => `Вес слоя ${tap}`,
  layersOfOne: 'Слои можно выбирать, когда рисует одна сеть и её слои известны.',
  groups: { loss: 'Функции потерь', optimiser: 'Оптимизация' },
  roll: 'Наугад',
  backend: 'Где считать',
  backends: { auto: 'Авто', webgpu: 'GPU', wasm: 'Процессор' },
  backendHint: '«Авто» берёт видеокарту, если браузер её даёт.',
  backendLater: 'Можно изменить, когда картина будет готова.',
  noGpu: 'Этот браузер не даёт видеокарты, так что пусть решает само.',
  precisionOnCpu: 'Процессор всегда считает в 32 битах.',

  copy: 'Копировать JSON',
  paste: 'Вставить',
  reset: 'Сбросить',
  pasteLabel: 'Настройки в JSON',
  pasteHint: 'Все или часть; что не названо, останется как есть.',
  apply: 'Применить',
  copied: 'Настройки в буфере обмена.',
  taken: 'Настройки применены.',
  kept: 'Ничего не изменилось.',
  unread: {
    json: 'Это не JSON.',
    shape: 'Это JSON, но не набор настроек.',
    version: 'Эти настройки от более новой версии страницы.',
    name: (field) => `Нет настройки «${field}».`,
    value: (field, value) => `«${field}» не может быть ${value}.`,
  },
};
