import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Minutes of WebGPU where the processor plays the GPU: npm run test:gpu. */
const GPU = ['test/gpu/**/*.test.ts'];
/** Files whose tests use every core by themselves: a browser and its threads. */
const WHOLE_MACHINE = ['test/browser/**/*.test.ts', 'test/bridge/page-roundtrip.test.ts'];

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    globalSetup: ['test/globalSetup.ts'],
    // Only what hangs is to end by these: waits are for events, and a busy machine takes its time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 200_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [...WHOLE_MACHINE, ...GPU],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: WHOLE_MACHINE,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'gpu',
          include: GPU,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
