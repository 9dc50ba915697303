import { duration, gigabytes, megabytes } from '../numbers.ts';
import { plural, LOCALE } from './words.ts';

const room = (bytes: number) => (bytes < 1e9 ? megabytes(LOCALE, bytes) : gigabytes(LOCALE, bytes));

export const gallery = {
  title: 'Gallery',
  back: 'Back to the easel',
  loading: 'Opening the gallery …',
  notLoaded: 'The gallery could not be opened. Check the connection and try again.',
  unreadable:
    'This browser does not let the page keep pictures here, perhaps because the window is private. Save what you like as a file.',
  pictures: (n: number) => plural(n, 'picture', 'pictures'),
  empty: 'Nothing hangs here yet.',
  emptyAdvice: 'Whatever you paint is kept here by itself, on this device and nowhere else.',
  paint: 'Paint the first one',

  search: 'Search',
  searchHint: 'Style, photo, network, date or size',
  order: 'Order',
  orders: { newest: 'Newest first', oldest: 'Oldest first', largest: 'Largest first' },
  found: (n: number) => `${plural(n, 'picture', 'pictures')} found`,
  none: 'Nothing fits these words.',
  clear: 'Show all',
  card: (photo: string) => `${photo}, in the manner of`,

  close: 'Close',
  previous: 'Previous',
  next: 'Next',
  photo: 'Photo',
  styles: 'Style',
  models: 'Network',
  made: 'Painted',
  size: 'Size',
  work: 'Work',
  worked: (steps: number, seconds: number) =>
    `${plural(steps, 'step', 'steps')} in ${duration(LOCALE, seconds)}`,
  file: 'On this device',
  megabytes: (bytes: number) => megabytes(LOCALE, bytes),
  missing: 'The picture itself is no longer here; the browser may have cleared it.',

  save: 'Save as PNG',
  share: 'Share',
  asPhoto: 'Use as photo',
  asStyle: 'Use as style',
  likeThis: 'Paint with these settings',
  delete: 'Delete',
  deleted: (n: number) => (n === 1 ? 'The picture is deleted.' : `${n} pictures are deleted.`),

  export: 'Export all as ZIP',
  exporting: (done: number, total: number) =>
    `Packing ${done} of ${plural(total, 'picture', 'pictures')}`,
  cancel: 'Cancel',
  notExported: 'The ZIP could not be made. Export again, or save pictures one by one.',

  full: 'There is no room left for this picture in the gallery.',
  fullAdvice:
    'It is safe on the easel: save it as a file. Or delete or export pictures in the gallery; then it is kept by itself.',
  makeRoom: 'Make room',
  unkept: 'This picture could not be kept in the gallery.',
  unkeptAdvice: 'It is safe on the easel: save it as a file if you like it.',

  space: 'Room on this device',
  used: (pictures: number, used: number, available: number) => {
    const whole = `the page takes ${room(used)}; the browser gives it up to ${room(available)}.`;
    return pictures > 0
      ? `The pictures take ${room(pictures)}. With networks and all the rest ${whole}`
      : `All in all ${whole}`;
  },
  usedOnly: (pictures: number) => `The pictures take ${room(pictures)}.`,
  persisted: 'The browser keeps all of it until you delete it.',
  volatile: 'The browser may clear it when the disk gets full.',
  persist: 'Ask it to keep everything',

  networks: 'Networks',
  ownNetwork: 'Add a network',
  ownNetworkHint:
    'Any ONNX network of supported operators that takes RGB pictures: an .onnx file, with the files its weights lie in. It can be dropped on the page, too, and stays on this device.',
  networksHint: 'Downloaded when first used, and then there without a connection.',
  here: (bytes: number) => `${megabytes(LOCALE, bytes)}, on this device`,
  partly: (loaded: number, total: number) =>
    `${megabytes(LOCALE, loaded)} of ${megabytes(LOCALE, total)} came before it broke off`,
  coming: (loaded: number, total: number) =>
    `${megabytes(LOCALE, loaded)} of ${megabytes(LOCALE, total)}`,
  notHere: (bytes: number) => `${megabytes(LOCALE, bytes)}, not downloaded`,
  earlier: (bytes: number) => `${megabytes(LOCALE, bytes)}, no longer in use`,
  unreachable: 'Could not be fetched. Check the connection.',
  download: 'Download',
  goOn: 'Go on',
  remove: 'Remove',
  of: (verb: string, name: string) => `${verb}: ${name}`,
};
