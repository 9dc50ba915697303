/** What page, command line and bot say of files that people bring. */
import { FORMAT_LABELS, PICTURE_LIMITS } from './formats.ts';
import type { Refusal, RefusedPicture } from './refusal.ts';
import type { Size } from './size.ts';

export interface PictureWords {
  /** Why a file is not taken, and what to do about it. `name`: as the person knows it. */
  readonly refused: Readonly<Record<Exclude<Refusal, 'huge'>, (name: string) => string>> & {
    readonly huge: (name: string, size: Size) => string;
  };
  readonly advice: Readonly<Record<Refusal, string>>;
  /** It was taken all the same. Size: of what there is of it. */
  readonly damaged: (name: string, size: Size) => string;
  readonly still: string;
}

const times = ({ width, height }: Size) => `${width} × ${height}`;
const megapixels = (pixels: number) => Math.round(pixels / 1e6);
const all = FORMAT_LABELS.slice(0, -1).join(', ');
const last = FORMAT_LABELS.at(-1)!;

const chooseAnother = `Choose a ${all} or ${last} file.`;
const exportAsPng = 'Save it as PNG or JPEG and choose that.';

const en: PictureWords = {
  refused: {
    text: (name) => `“${name}” is text, not a picture.`,
    svg: (name) => `“${name}” is a drawing (SVG), not a photo.`,
    heic: (name) => `“${name}” is in Apple’s HEIC format, which cannot be read here.`,
    jxl: (name) => `“${name}” is in the JPEG XL format, which cannot be read here.`,
    tiff: (name) => `“${name}” is a TIFF file of a kind that cannot be read here.`,
    video: (name) => `“${name}” is a video.`,
    empty: (name) => `“${name}” is empty.`,
    broken: (name) => `“${name}” is damaged; nothing of it can be read.`,
    unknown: (name) => `“${name}” is not a picture that can be read.`,
    huge: (name, size) =>
      `“${name}” is too large: ${times(size)} are ${megapixels(size.width * size.height)} megapixels, and at most ${megapixels(PICTURE_LIMITS.pixels)} megapixels can be read.`,
  },
  advice: {
    text: chooseAnother,
    svg: 'Export it as PNG and choose that.',
    heic: 'Export it as JPEG, or on an iPhone choose Camera › Formats › Most Compatible.',
    jxl: exportAsPng,
    tiff: exportAsPng,
    video: 'Take a screenshot of the moment you like and use that.',
    empty: chooseAnother,
    broken: 'Copy or download it again, or choose another.',
    unknown: chooseAnother,
    huge: 'Scale it down first.',
  },
  damaged: (name, size) =>
    `“${name}” is damaged. What there is of it was taken: ${times(size)} pixels.`,
  still: 'It moves; its first frame was taken.',
};

const chooseAnotherRu = `Выберите файл ${all} или ${last}.`;
const exportAsPngRu = 'Сохраните его как PNG или JPEG и выберите тот файл.';

const ru: PictureWords = {
  refused: {
    text: (name) => `«${name}» — это текст, а не картинка.`,
    svg: (name) => `«${name}» — это чертёж (SVG), а не фото.`,
    heic: (name) => `«${name}» — в формате HEIC от Apple, здесь его не прочесть.`,
    jxl: (name) => `«${name}» — в формате JPEG XL, здесь его не прочесть.`,
    tiff: (name) => `«${name}» — файл TIFF такого вида, который здесь не прочесть.`,
    video: (name) => `«${name}» — это видео.`,
    empty: (name) => `Файл «${name}» пуст.`,
    broken: (name) => `Файл «${name}» повреждён, из него ничего не прочесть.`,
    unknown: (name) => `«${name}» не читается как картинка.`,
    huge: (name, size) =>
      `«${name}» слишком большая: ${times(size)} — это ${megapixels(size.width * size.height)} мегапикселей, а прочесть можно не больше ${megapixels(PICTURE_LIMITS.pixels)}.`,
  },
  advice: {
    text: chooseAnotherRu,
    svg: 'Сохраните его как PNG и выберите этот файл.',
    heic: 'Сохраните его как JPEG, а на iPhone выберите «Камера › Форматы › Наиболее совместимые».',
    jxl: exportAsPngRu,
    tiff: exportAsPngRu,
    video: 'Сделайте снимок нужного кадра и выберите его.',
    empty: chooseAnotherRu,
    broken: 'Скопируйте или скачайте его заново или выберите другой.',
    unknown: chooseAnotherRu,
    huge: 'Сначала уменьшите её.',
  },
  damaged: (name, size) =>
    `Файл «${name}» повреждён. Взято то, что в нём осталось: ${times(size)} точек.`,
  still: 'Картинка движется; взят её первый кадр.',
};

export const PICTURE_WORDS = { en, ru } as const;

export const whyRefused = (
  { refused }: PictureWords,
  name: string,
  { reason, size }: RefusedPicture,
): string => (reason === 'huge' ? refused.huge(name, size!) : refused[reason](name));
