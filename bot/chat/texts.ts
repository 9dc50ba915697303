import { FORMAT_LABELS } from '../../shared/pictures/formats.ts';
import { PICTURE_WORDS, type PictureWords } from '../../shared/pictures/words.ts';
import { JOB_LIMITS, type JobOptions } from '../../shared/job.ts';
import { languageOf, type Language } from '../../shared/languages.ts';

export type Lang = Language;

const MAX = JOB_LIMITS.styles;

/** Files that are refused by what they are, in the words of the page. */
const KINDS = ['heic', 'jxl', 'svg', 'video', 'text'] as const;
export type RefusedFile = (typeof KINDS)[number] | 'tooBig' | 'badFormat';

const refusals = ({ refused, advice }: PictureWords) =>
  Object.fromEntries(
    KINDS.map((kind) => [kind, `${refused[kind]('{name}')} ${advice[kind]}`]),
  ) as Readonly<Record<(typeof KINDS)[number], string>>;

const en = {
  ...refusals(PICTURE_WORDS.en),
  start:
    'Send me a photo, then one to five pictures whose style you like. I answer with a link: your own device paints, and the finished picture comes back here.',
  help: `Send a photo, then the styles. Or an album: its first picture is the photo, the others are styles. Files (${FORMAT_LABELS.join(', ')} up to 20 MB) keep their full quality.\n\n/new start again\n/cancel stop what is going on\n/settings usual choices\n/lang language\n/privacy what is kept\n/forget delete it all`,
  privacy:
    'Your device does the painting. I keep the names Telegram gives your files, your choices and, until it is in this chat, the finished picture. What is finished is deleted after {days} days; /forget deletes everything at once. Telegram keeps this chat itself.',
  privateOnly: 'I work in private chats only: write to me directly.',
  askContent: 'Send the photo that shall be repainted.',
  cancelled: 'Cancelled.',
  timedOut: 'Put away. Send a photo to begin anew.',
  nothingToCancel: 'There is nothing to cancel. Send a photo to begin.',
  hintIdle: 'Send a photo to begin. /help tells more.',
  hintStyles: 'Send a picture whose style you like, as a photo or a file.',
  hintOptions: 'Choose with the buttons above, or send one more style.',
  hintSettings: 'Choose with the buttons above.',
  tooBig: 'Telegram lets me fetch files up to 20 MB. Send a smaller one, or send it as a photo.',
  badFormat: `I read ${FORMAT_LABELS.slice(0, -1).join(', ')} and ${FORMAT_LABELS.at(-1)!}. Send it as a photo, and Telegram converts it.`,
  small: 'This picture is rather small (under 256 pixels): expect a coarse result.',
  maxStyles: `Five styles are the most; the first ${MAX} stay.`,
  needStyle: 'Send at least one style first.',
  stale: 'These buttons are out of date.',
  tooManyJobs: 'Three pictures are waiting already. Finish or cancel one first.',
  langAsk: 'Which language?',
  langSet: 'I speak English now.',
  forgetAsk: 'Delete everything I keep about you? Open links stop working.',
  forgetYes: 'Delete everything',
  forgotten: 'Done: nothing of yours is left here.',
  gone: 'That picture is no longer here.',
  sending: 'On its way.',
  already: 'Already done.',
  kept: 'Your usual choices are kept.',
  photoTooBig: 'This picture is too large for a photo; the file above is all of it.',

  cardStyles: 'Photo: received. Styles: {n} of 5.',
  cardFirstStyle: 'Photo received. Now send one to five pictures whose style you like.',
  cardOptions: 'One photo, {n}. How shall it be done?',
  cardSettings: 'Your usual choices:',
  styleCount: (n: number) => (n === 1 ? '1 style' : `${n} styles`),
  done: '✅ Done',
  swap: '⇄ Swap',
  pop: '↩ Remove the last',
  cancel: '✖ Cancel',
  close: '✅ Keep',
  go: '▶ Create',
  upscaleOn: 'Upscale: on',
  upscaleOff: 'Upscale: off',
  asDocument: 'As a file',
  asPhoto: 'As a photo',
  both: 'Both',

  jobOpen:
    'Ready. Open the link on the device that shall paint: it is for you alone and works for a day.',
  jobClaimed: 'Opened. Waiting for your device to begin …',
  jobRunning: 'Painting on your device: {percent} %',
  jobPaused: 'Paused at {percent} %: the page has gone quiet. Open the link again to go on.',
  jobEta: ', about {minutes} min left',
  jobUploaded: 'Painted. The picture is on its way here …',
  jobDelivered: 'Done: the picture is below.',
  jobFailed: {
    no_gpu: 'That browser gives no access to the GPU. Open the link in Chrome, Edge or Safari.',
    out_of_memory: 'The device ran out of memory. Open the link again and choose a smaller size.',
    bad_input: 'One of the pictures could not be read. Begin again with another one.',
    other: 'It did not work out. Open the link to try again.',
  },
  jobCancelled: 'Cancelled.',
  jobExpired: 'The link has expired.',
  jobDead: 'The picture could not be brought here. Save it from the page instead.',
  open: '🌐 Open in the browser',
  openHere: '📱 Open in Telegram',
  again: '🔁 Same again',
  holder: 'Your picture is ready, bringing it …',
  caption: 'Restyled with {network}',
};

type Texts = typeof en;

const ru: Texts = {
  ...refusals(PICTURE_WORDS.ru),
  start:
    'Пришлите фото, затем от одной до пяти картинок, стиль которых вам нравится. Я отвечу ссылкой: рисует ваше устройство, а готовая картинка придёт сюда.',
  help: `Пришлите фото, затем стили. Или альбом: первая картинка — фото, остальные — стили. Файлы (${FORMAT_LABELS.join(', ')} до 20 МБ) сохраняют качество.\n\n/new начать заново\n/cancel отменить\n/settings обычный выбор\n/lang язык\n/privacy что хранится\n/forget удалить всё`,
  privacy:
    'Рисует ваше устройство. Я храню имена, которые Telegram даёт вашим файлам, ваш выбор и готовую картинку, пока она не попала в чат. Завершённое удаляется через {days} дн.; /forget удаляет всё сразу. Сам чат хранит Telegram.',
  privateOnly: 'Я работаю только в личных чатах: напишите мне напрямую.',
  askContent: 'Пришлите фото, которое нужно перерисовать.',
  cancelled: 'Отменено.',
  timedOut: 'Отложено. Пришлите фото, чтобы начать заново.',
  nothingToCancel: 'Отменять нечего. Пришлите фото, чтобы начать.',
  hintIdle: 'Пришлите фото, чтобы начать. Подробнее: /help.',
  hintStyles: 'Пришлите картинку со стилем: как фото или как файл.',
  hintOptions: 'Выберите кнопками выше или пришлите ещё один стиль.',
  hintSettings: 'Выберите кнопками выше.',
  tooBig: 'Telegram отдаёт мне файлы до 20 МБ. Пришлите файл меньше или отправьте как фото.',
  badFormat: `Я читаю ${FORMAT_LABELS.slice(0, -1).join(', ')} и ${FORMAT_LABELS.at(-1)!}. Отправьте как фото, и Telegram преобразует.`,
  small: 'Картинка маленькая (меньше 256 пикселей): результат будет грубым.',
  maxStyles: `Не больше пяти стилей; остаются первые ${MAX}.`,
  needStyle: 'Сначала пришлите хотя бы один стиль.',
  stale: 'Эти кнопки устарели.',
  tooManyJobs: 'Три картинки уже ждут. Сначала завершите или отмените одну.',
  langAsk: 'Какой язык?',
  langSet: 'Теперь я говорю по-русски.',
  forgetAsk: 'Удалить всё, что я храню о вас? Открытые ссылки перестанут работать.',
  forgetYes: 'Удалить всё',
  forgotten: 'Готово: здесь не осталось ничего вашего.',
  gone: 'Этой картинки здесь больше нет.',
  sending: 'Отправляю.',
  already: 'Уже сделано.',
  kept: 'Ваш обычный выбор сохранён.',
  photoTooBig: 'Картинка слишком велика для фото; файл выше содержит её целиком.',

  cardStyles: 'Фото получено. Стилей: {n} из 5.',
  cardFirstStyle: 'Фото получено. Теперь пришлите от одной до пяти картинок со стилем.',
  cardOptions: 'Одно фото, {n}. Как рисовать?',
  cardSettings: 'Ваш обычный выбор:',
  styleCount: (n: number) => (n === 1 ? '1 стиль' : n < 5 ? `${n} стиля` : `${n} стилей`),
  done: '✅ Готово',
  swap: '⇄ Поменять',
  pop: '↩ Убрать последнее',
  cancel: '✖ Отмена',
  close: '✅ Оставить так',
  go: '▶ Создать',
  upscaleOn: 'Увеличение: вкл',
  upscaleOff: 'Увеличение: выкл',
  asDocument: 'Файлом',
  asPhoto: 'Как фото',
  both: 'Обе',

  jobOpen:
    'Готово. Откройте ссылку на устройстве, которое будет рисовать: она только для вас и действует сутки.',
  jobClaimed: 'Открыто. Жду, когда устройство начнёт …',
  jobRunning: 'Рисует ваше устройство: {percent} %',
  jobPaused: 'Пауза на {percent} %: страница молчит. Откройте ссылку ещё раз, чтобы продолжить.',
  jobEta: ', осталось около {minutes} мин',
  jobUploaded: 'Нарисовано. Картинка уже в пути …',
  jobDelivered: 'Готово: картинка ниже.',
  jobFailed: {
    no_gpu: 'Этот браузер не даёт доступа к GPU. Откройте ссылку в Chrome, Edge или Safari.',
    out_of_memory:
      'Устройству не хватило памяти. Откройте ссылку ещё раз и выберите размер меньше.',
    bad_input: 'Одну из картинок не удалось прочитать. Начните заново с другой.',
    other: 'Не получилось. Откройте ссылку, чтобы попробовать ещё раз.',
  },
  jobCancelled: 'Отменено.',
  jobExpired: 'Ссылка устарела.',
  jobDead: 'Картинку не удалось доставить. Сохраните её со страницы.',
  open: '🌐 Открыть в браузере',
  openHere: '📱 Открыть в Telegram',
  again: '🔁 Ещё раз',
  holder: 'Картинка готова, загружаю …',
  caption: 'Нарисовано: {network}',
};

export const TEXTS: Readonly<Record<Lang, Texts>> = { en, ru };

/** Keys of plain sentences. */
export type TextKey = {
  [K in keyof Texts]: Texts[K] extends string ? K : never;
}[keyof Texts];

/** A sentence with its {gaps} filled. */
export function say(
  lang: Lang,
  key: TextKey,
  gaps: Readonly<Record<string, string | number>> = {},
) {
  return TEXTS[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in gaps ? String(gaps[name]) : whole,
  );
}

export function networkName(lang: Lang, network: JobOptions['network']): string {
  return { vgg: 'VGG19', resnet: 'ResNet50', both: TEXTS[lang].both }[network];
}

/** Telegram's code (`ru`, `en-GB`, ...) or nothing at all. */
export function langOf(code: string | undefined): Lang {
  return languageOf(code ?? '') ?? 'en';
}

export const COMMANDS: Readonly<Record<Lang, readonly (readonly [name: string, about: string])[]>> =
  {
    en: [
      ['new', 'Start again'],
      ['cancel', 'Stop what is going on'],
      ['settings', 'Your usual choices'],
      ['lang', 'Language'],
      ['privacy', 'What is kept'],
      ['forget', 'Delete everything'],
      ['help', 'How it works'],
    ],
    ru: [
      ['new', 'Начать заново'],
      ['cancel', 'Отменить'],
      ['settings', 'Обычный выбор'],
      ['lang', 'Язык'],
      ['privacy', 'Что хранится'],
      ['forget', 'Удалить всё'],
      ['help', 'Как это работает'],
    ],
  };
