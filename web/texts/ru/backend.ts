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
  howTo: 'Как получить WebGPU',
  ways: {
    chromium:
      'В Chrome и Edge он есть почти везде: обновите браузер и драйвер видеокарты и проверьте, что в настройках включено аппаратное ускорение.',
    firefox:
      'В Firefox он есть в Windows с версии 141 и на Mac с процессором Apple с версии 145; иначе попробуйте Chrome или Edge.',
    safari: 'В Safari он есть с версии 26, то есть с iOS 26 и macOS 26.',
    other: 'В новых Chrome, Edge, Firefox и Safari он есть почти везде.',
  },
  insecure:
    'Браузеры разрешают такую работу только по защищённому соединению. Откройте страницу по адресу, который начинается с https.',
  notIsolated: 'Поток один, потому что сервер не изолирует страницу.',
};
