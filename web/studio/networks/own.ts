/** Networks of the person's own: any .onnx file of supported operators. */
import { kindOf } from '../../worker/faults.ts';
import { currentEngine } from '../engine/engine.ts';
import { notify } from '../notice/notice.ts';
import { lookForFiles } from './files.ts';
import { ownNetworks, selectNetworks } from './networks.ts';

export const isNetwork = ({ name }: File): boolean => /\.onnx$/i.test(name);

/** Keeps the .onnx file among these, with its weights beside it, and paints with it from now on. */
export async function addNetwork(files: readonly File[]): Promise<void> {
  try {
    const named = await Promise.all(
      files.map(async (file) => ({
        name: file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    );
    const entry = await currentEngine().adopt(named);
    ownNetworks.value = [...ownNetworks.value.filter(({ id }) => id !== entry.id), entry];
    selectNetworks([entry.id]);
    notify({ kind: 'network-taken', name: entry.label });
    await lookForFiles();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    notify({ kind: 'failed', fault: kindOf(error) ?? 'invalid-model', detail, actions: [] });
  }
}

export function forgetNetwork(sha256: string): void {
  ownNetworks.value = ownNetworks.value.filter((entry) => entry.sha256 !== sha256);
}
