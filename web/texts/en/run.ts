import { duration, megabytes } from '../numbers.ts';
import { LOCALE } from './words.ts';

export const run = {
  repaint: 'Repaint',
  painting: 'Painting …',
  restart: 'Start again with these choices',
  /** Size where it is painted, and the least side. */
  thin: {
    photo: (width: number, height: number, least: number) =>
      `The photo is too thin for this network: it would be painted at ${width} × ${height} pixels, and the network needs ${least} × ${least} at least.`,
    style: (width: number, height: number, least: number) =>
      `A style is too thin for this network: it would be seen at ${width} × ${height} pixels, and the network needs ${least} × ${least} at least.`,
  },
  useNetwork: (name: string) => `Use ${name}`,
  loading: 'Loading the engine …',
  download: (name: string, loaded: number, total: number) =>
    `Fetching ${name}: ${megabytes(LOCALE, loaded)} of ${megabytes(LOCALE, total)}`,
  preparing: 'Studying the two pictures …',
  preparingScale: (width: number, height: number) => `Getting ready for ${width} × ${height} …`,
  stopping: 'Finishing the last step …',
  paused: 'Paused',
  progress: 'Progress of the painting',
  scale: (n: number, of: number) => `scale ${n} of ${of}`,
  step: (n: number, of: number) => `step ${n} of ${of}`,
  /** Of a step that goes by tiles, each of which is gone through twice. */
  tile: (done: number, of: number) => `part ${done} of ${of}`,
  speed: (perSecond: string) => `${perSecond} steps/s`,
  secondsPerStep: (seconds: string) => `${seconds} s a step`,
  left: (seconds: number) => `about ${duration(LOCALE, seconds)} left`,
  pause: 'Pause',
  resume: 'Go on',
  stop: 'Stop and keep',
  stopNow: 'Stop now',
  loadingUpscaler: 'Getting ready to enlarge …',
  enlarging: (tile: number, of: number) => `enlarging, part ${Math.min(tile + 1, of)} of ${of}`,
  news: 'Tell me',
  newsHint: 'A notification when the painting is ready, if you are elsewhere',
  curve: 'Loss curve',
  curveHint: 'Lower is closer to photo and style together. A new scale starts a new curve.',
  total: 'Total',
  style: 'Style',
  content: 'Photo',
};
