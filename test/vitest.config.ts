import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/globalSetup.ts'],
    // Each may use two cores by itself (threads of the runtime, a browser), and waits a good part of its time.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Vitest's own second is too short for a busy machine.
    expect: { poll: { timeout: 60_000 } },
  },
});
