/**
 * npm run bench:gpu:archive: the WebGPU bench in one file, for a bare Linux machine with a GPU and its driver: Node, the packages,
 * the Vulkan loader, and the models at hand that fit. There: tar xf FILE && restyle-gpu-bench/run
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { MODELS_DIR, runCommand, UsageError } from '../cli.ts';
import { readManifest } from '../library.ts';

const OPTIONS = {
  out: { type: 'string', default: 'restyle-gpu-bench.tar.xz' },
  'models-dir': { type: 'string', default: MODELS_DIR },
  models: { type: 'string', default: 'lite-vgg,lite-resnet' },
} as const;

const NAME = 'restyle-gpu-bench';
const MOST_BYTES = 60e6;
const LOADERS = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/libvulkan.so.1',
];
/** Of onnxruntime-web, what Node needs: its builds for wasm and for WebGPU. */
const ORT =
  /(package\.json|ort\.node\.min\.m?js|ort\.webgpu\.(bundle\.)?min\.m?js|ort-wasm-simd-threaded(\.asyncify)?\.(mjs|wasm))$/;

const RUN = `#!/bin/sh
# Milliseconds per step, GFLOP/s and their share of a large matrix product's. Options: see tools/bench/gpu.ts.
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$here/bin/node" "$here/app/tools/gpu.mjs" "$@"
`;

const require = createRequire(import.meta.url);
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The bench as one file beside the packages that cannot be bundled. */
async function bundle(app: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['onnxruntime-web', 'webgpu'] },
    build: {
      ssr: at('gpu.ts'),
      outDir: join(app, 'tools'),
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'gpu.mjs', codeSplitting: false } },
    },
  });
}

async function packages(app: string): Promise<void> {
  const ort = dirname(dirname(require.resolve('onnxruntime-web')));
  const own = join(app, 'node_modules/onnxruntime-web');
  await cp(ort, own, {
    recursive: true,
    filter: async (path) => (await stat(path)).isDirectory() || ORT.test(path),
  });
  await cp(join(dirname(ort), 'onnxruntime-common'), join(app, 'node_modules/onnxruntime-common'), {
    recursive: true,
    filter: (path) => !/\.(map|ts)$/.test(path),
  });
  let dawn: string;
  try {
    dawn = dirname(require.resolve('webgpu/package.json'));
  } catch {
    throw new UsageError('the package "webgpu" is not here: npm install --no-save webgpu');
  }
  await cp(dawn, join(app, 'node_modules/webgpu'), {
    recursive: true,
    filter: (path) => !/dist\/(?!linux-x64)[^/]+$/.test(path),
  });
}

async function models(dir: string, wanted: readonly string[], app: string): Promise<void> {
  const manifest = await readManifest(dir);
  const chosen = manifest.models.filter(({ id }) => wanted.includes(id));
  const folder = join(app, 'public/models');
  await mkdir(folder, { recursive: true });
  for (const { file } of chosen) await copyFile(join(dir, file), join(folder, file));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, models: chosen }));
}

async function pack(
  out: string,
  options: { dir: string; models: readonly string[] },
  folder: string,
): Promise<void> {
  const root = join(folder, NAME);
  const app = join(root, 'app');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'lib'), { recursive: true });
  await bundle(app);
  await packages(app);
  await models(options.dir, options.models, app);
  const { version } = JSON.parse(await readFile(at('../../package.json'), 'utf8')) as {
    version: string;
  };
  await writeFile(
    join(app, 'package.json'),
    JSON.stringify({ name: 'restyle', version, type: 'module' }),
  );
  await copyFile(process.execPath, join(root, 'bin/node'));
  const loader = LOADERS.find((path) => existsSync(path));
  if (!loader) throw new UsageError('no Vulkan loader here: apt-get install libvulkan1');
  await copyFile(loader, join(root, 'lib/libvulkan.so.1'));
  await writeFile(join(root, 'run'), RUN);
  await chmod(join(root, 'run'), 0o755);
  const tar = spawnSync('tar', ['-C', folder, '-cJf', out, NAME], {
    stdio: 'inherit',
    env: { ...process.env, XZ_OPT: '-6 -T0' },
  });
  if (tar.status !== 0) throw new UsageError('tar or xz failed');
}

await runCommand(async () => {
  const { values } = parseArgs({ options: OPTIONS });
  const folder = await mkdtemp(join(tmpdir(), 'restyle-archive-'));
  try {
    await pack(values.out, { dir: values['models-dir'], models: values.models.split(',') }, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { size } = await stat(values.out);
  process.stdout.write(`${values.out}: ${(size / 1e6).toFixed(1)} MB\n`);
  if (size > MOST_BYTES)
    throw new UsageError(`more than ${MOST_BYTES / 1e6} MB: choose fewer --models`);
});
