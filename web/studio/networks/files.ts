/** Which model files are on this device already. */
import { signal } from '@preact/signals-core';

/** Their hashes, as of the last look. */
export const filesHere = signal<ReadonlySet<string>>(new Set());

export async function lookForFiles(): Promise<void> {
  const { listModels } = await import('../../storage/models.ts');
  const whole = (await listModels()).filter((model) => model.whole);
  filesHere.value = new Set(whole.map(({ sha256 }) => sha256));
}
