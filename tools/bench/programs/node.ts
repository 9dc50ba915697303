/** A program in a process of its own: requests and replies are lines of JSON. Arguments: engine|tfjs THREADS FOLDER. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { versions, wasmRuntime } from '../../host.ts';
import type { Reply, Request } from '../task.ts';
import { answerer } from './answer.ts';

const [program, threadsText, folder] = process.argv.slice(2);
const threads = Number(threadsText);
const open = async (name: string) => new Uint8Array(await readFile(join(folder!, name)));

async function start(): Promise<(request: Request) => Promise<Reply>> {
  if (program === 'tfjs') {
    const { startTfjs, prepareTfjs, aboutTfjs } = await import('./tfjs.ts');
    // Node takes TensorFlow.js's CommonJS builds, which leave the gradients out.
    const require = createRequire(import.meta.url);
    require('@tensorflow/tfjs-core/dist/register_all_gradients.js');
    const main = require.resolve('@tensorflow/tfjs-backend-wasm');
    await startTfjs(`${dirname(main)}/`, threads);
    return answerer(prepareTfjs, open, () => aboutTfjs(threads));
  }
  const { prepareEngine } = await import('./engine.ts');
  const runtime = wasmRuntime(threads);
  const about = `onnxruntime-web ${versions()['onnxruntime-web']!}, ${runtime.description}`;
  return answerer(
    (task) => prepareEngine(runtime, task, open),
    open,
    () => about,
  );
}

// Standard output carries replies only; libraries that greet must do it elsewhere.
console.log = console.info = console.error;
const answer = await start();
for await (const line of createInterface({ input: process.stdin })) {
  const before = process.cpuUsage();
  const reply = await answer(JSON.parse(line) as Request);
  const { user, system } = process.cpuUsage(before);
  Object.assign(reply, { cpuMs: (user + system) / 1e3 });
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0);
