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
  notIsolated: 'One thread only, as the server does not isolate the page.',
};
