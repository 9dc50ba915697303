import type { Texts } from '../en/index.ts';
import { plural } from './words.ts';

export const backend: Texts['backend'] = {
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
};
