import { threads } from './words.ts';

export const backend = {
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
  howTo: 'How to get WebGPU',
  ways: {
    chromium:
      'Chrome and Edge have it on most devices: update the browser and the graphics driver, and see that graphics acceleration is on in the settings.',
    firefox:
      'Firefox has it on Windows since version 141 and on Macs with Apple silicon since 145; elsewhere Chrome or Edge may.',
    safari: 'Safari has it since version 26, so with iOS 26 or macOS 26.',
    other: 'A new Chrome, Edge, Firefox or Safari has it on most devices.',
  },
  insecure:
    'Browsers let a page do this work only over a secure connection. Open it by an address that begins with https.',
  notIsolated: 'One thread only, as the server does not isolate the page.',
};
