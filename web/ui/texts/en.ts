/** Every word of the page. `ru.ts` has the same keys, or it does not compile. */
import { duration, megabytes, type Units } from './numbers.ts';

const UNITS: Units = { locale: 'en', second: 's', minute: 'min', hour: 'h', megabyte: 'MB' };
const threads = (n: number) => (n === 1 ? '1 thread' : `${n} threads`);

export const en = {
  locale: UNITS.locale,
  title: 'Restyle',
  description: 'Repaint a photo in the manner of a picture, on your own device',
  language: 'Language',
  private: 'Your pictures stay on this device.',
  ownPicture: 'Your own picture',

  easel: {
    label: 'Easel',
    photo: 'Photo',
    pastiche: 'Painting',
    photoAlt: (name: string) => `Photo: ${name}`,
    pasticheAlt: (style: string) => `The photo, repainted in the manner of: ${style}`,
    compare: 'Compare: how much of the photo to show',
    empty: 'Drop a photo here, paste one, or choose one.',
    hint: 'Drop or paste another photo anywhere on the page, or a picture to paint like.',
  },

  pick: {
    photo: 'Photo',
    style: 'Style',
    another: 'Another photo',
    addPhoto: 'Choose a photo from your device',
    addStyle: 'Choose a style picture from your device',
    dropPhoto: 'Repaint this photo',
    dropStyle: 'Use as the style',
    photoReplaced: 'A new photo is on the easel.',
    styleAdded: 'The style is in the strip.',
    useAsStyle: 'Use it as the style instead',
    undo: 'Undo',
    scaled: (from: string, to: string) =>
      `That picture is very large (${from}), so it was scaled to ${to}.`,
  },

  refuse: {
    text: (name: string) => `“${name}” is text, not a picture.`,
    svg: (name: string) => `“${name}” is a drawing (SVG), not a photo.`,
    heic: (name: string) => `This browser cannot read “${name}”, which is in Apple's HEIC format.`,
    video: (name: string) => `“${name}” is a video.`,
    empty: (name: string) => `“${name}” is empty.`,
    broken: (name: string) => `“${name}” cannot be read as a picture; it may be damaged.`,
    unknown: (name: string) => `“${name}” is not a picture this browser knows.`,
    advice: 'Choose a JPEG, PNG, WebP or AVIF file.',
    adviceSvg: 'Export it as PNG and choose that.',
    adviceHeic: 'Export it as JPEG, or on an iPhone choose Camera › Formats › Most Compatible.',
    adviceVideo: 'Take a screenshot of the moment you like and use that.',
    kept: 'Nothing was changed.',
  },

  settings: {
    network: 'Network',
    networkHint: 'What looks at the pictures.',
    noNetworks: 'The list of networks could not be fetched.',
    retry: 'Try again',
    look: 'Look',
    looks: { quick: 'Quick', balanced: 'Balanced', best: 'Best' },
    lookHint: (steps: number) => `${steps} steps`,
    size: 'Size',
    sizeHint: 'Longer side of the painting',
    pixels: (n: number) => `${n} px`,
    megabytes: (bytes: number) => megabytes(UNITS, bytes),
    about: (seconds: number) => `about ${duration(UNITS, seconds)} on this device`,
  },

  backend: {
    asking: 'Looking at what this device can do …',
    gpu: (adapter: string) =>
      adapter ? `Runs on your GPU: WebGPU on ${adapter}.` : 'Runs on your GPU through WebGPU.',
    wasm: (n: number) => `Runs on the processor: WebAssembly, ${threads(n)}.`,
    reasons: {
      gpu: '',
      asked: 'As asked in the address.',
      'no-webgpu': 'This browser has no WebGPU.',
      'no-adapter': 'WebGPU found no graphics adapter here.',
      'software-adapter': 'WebGPU is only imitated by the processor here, which is slower.',
      'gpu-failed': 'The GPU was there but did not start.',
    },
    notIsolated: 'One thread only, as the server does not isolate the page.',
  },

  run: {
    repaint: 'Repaint',
    painting: 'Painting …',
    restart: 'Start again with these choices',
    loading: 'Loading the engine …',
    download: (name: string, loaded: number, total: number) =>
      `Fetching ${name}: ${megabytes(UNITS, loaded)} of ${megabytes(UNITS, total)}`,
    preparing: 'Studying the two pictures …',
    preparingScale: (width: number, height: number) => `Getting ready for ${width} × ${height} …`,
    stopping: 'Finishing the last step …',
    paused: 'Paused',
    progress: 'Progress of the painting',
    scale: (n: number, of: number) => `scale ${n} of ${of}`,
    step: (n: number, of: number) => `step ${n} of ${of}`,
    speed: (perSecond: string) => `${perSecond} steps/s`,
    secondsPerStep: (seconds: string) => `${seconds} s a step`,
    left: (seconds: number) => `about ${duration(UNITS, seconds)} left`,
    pause: 'Pause',
    resume: 'Go on',
    stop: 'Stop and keep',
    stopNow: 'Stop now',
    curve: 'Loss curve',
    curveHint: 'Lower is closer to photo and style together. A new scale starts a new curve.',
    total: 'Total',
    style: 'Style',
    content: 'Photo',
  },

  result: {
    save: 'Save as PNG',
    back: 'Back to photo',
    summary: (width: number, height: number, steps: number, seconds: number) =>
      `${width} × ${height}, ${steps} ${steps === 1 ? 'step' : 'steps'} in ${duration(UNITS, seconds)}`,
    stopped: 'Stopped early; this is the best so far.',
    cut: 'Cut off; this is the last preview.',
    announced: 'The painting is ready.',
    notSaved: 'The picture could not be saved.',
  },

  faults: {
    'invalid-request': 'This cannot be painted as it is.',
    'invalid-model': 'The network could not be loaded.',
    'unsupported-operator': 'This network uses something the page cannot compute.',
    'backend-unavailable': 'The engine could not start.',
    'out-of-memory': 'The picture does not fit into this device’s memory.',
    'device-lost': 'The browser took the GPU away.',
    compute: 'The engine failed on the way.',
    cancelled: 'Stopped before there was anything to keep.',
  },
  faultAdvice: {
    'invalid-request': 'Choose other pictures or settings.',
    'invalid-model': 'Check the connection and try again, or choose another network.',
    'unsupported-operator': 'Choose another network.',
    'backend-unavailable': 'Check the connection and reload the page.',
    'out-of-memory': 'A smaller size needs much less.',
    'device-lost':
      'That happens after sleep or a driver update. Start again, or go without the GPU.',
    compute: 'Try again, or go without the GPU.',
    cancelled: '',
  },
  actions: {
    again: 'Try again',
    smaller: (size: number) => `Paint at ${size} px`,
    wasm: 'Go without the GPU',
    dismiss: 'Dismiss',
    details: 'Details',
  },
};

export type Texts = typeof en;
