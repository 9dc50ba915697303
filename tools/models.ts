/** npm run models -- fetch vgg19|resnet50|srgan|all | import NETWORK FILE | list | verify | describe */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ARCHITECTURES } from './making/architectures.ts';
import { STORAGES, type Storage } from '../web/engine/networks/quantize.ts';
import { MODELS_DIR, runCommand, UsageError } from './cli.ts';
import { fetchNetwork } from './fetch/fetch.ts';
import { readSources, SOURCES } from './fetch/sources.ts';
import { checkModel, describeModels, checkFolder, readManifest } from './library.ts';
import { makeModel } from './making/making.ts';

const NAMES = Object.keys(ARCHITECTURES).join('|');
const USAGE = `usage: npm run models -- fetch ${NAMES}|all [--mirror URL] | import ${NAMES} FILE.safetensors|FILE.pth|FILE.onnx [--variant v1|v1.5] [--id ID] [--label TEXT] | both: [--weights float16|int8] | list | verify | describe  [--models-dir DIR]`;

/** Where npm packages keep what can be made again. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/restyle', import.meta.url));

const OPTIONS = {
  'models-dir': { type: 'string', default: MODELS_DIR },
  id: { type: 'string' },
  label: { type: 'string' },
  licence: { type: 'string' },
  source: { type: 'string' },
  variant: { type: 'string' },
  /** How kernels are kept: float16, or int8 at half the size (feature networks only). */
  weights: { type: 'string', default: 'float16' },
  // Input convention, in place of the file's own: (x * range - mean) / std.
  range: { type: 'string' },
  mean: { type: 'string' },
  std: { type: 'string' },
  // Fetching: addresses of folders with the same files, a list of other files, and how long to try.
  mirror: { type: 'string', multiple: true },
  sources: { type: 'string' },
  cache: { type: 'string', default: CACHE },
  tries: { type: 'string', default: '5' },
  backoff: { type: 'string', default: '1000' },
  patience: { type: 'string', default: '30000' },
} as const;

type Options = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
  return parseArgs({ args, options: OPTIONS, allowPositionals: true });
}

async function importModel(
  name: string | undefined,
  file: string | undefined,
  options: Options,
): Promise<void> {
  if (!name || !ARCHITECTURES[name] || !file) throw new UsageError(USAGE);
  const bytes = await readFile(file).catch(() => null);
  if (!bytes) throw new UsageError(`${file}: no such file`);
  await checkFolder(options['models-dir']);
  const { id, label, licence, source, variant, range, mean, std } = options;
  const metadata = {
    ...(range !== undefined && { input_range: range }),
    ...(mean !== undefined && { input_mean: mean }),
    ...(std !== undefined && { input_std: std }),
  };
  const weights = storageOf(options);
  const making = { id, label, licence, source, variant, metadata, weights };
  const entry = await makeModel(options['models-dir'], name, bytes, making);
  process.stdout.write(`${entry.file}: ${entry.bytes} bytes, sha256 ${entry.sha256}\n`);
}

function storageOf({ weights }: Options): Storage {
  const storage = STORAGES.find((name) => name === weights);
  if (storage) return storage;
  throw new UsageError(`--weights ${weights}: ${STORAGES.join(' or ')}`);
}

function countOf(options: Options, option: 'tries' | 'backoff' | 'patience'): number {
  const count = Number(options[option]);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError(`--${option} ${options[option]}: not a positive whole number`);
}

async function fetchModels(wanted: readonly string[], options: Options): Promise<void> {
  const sources = options.sources === undefined ? SOURCES : await readSources(options.sources);
  const all = Object.keys(ARCHITECTURES).filter((name) => sources[name]);
  const names = wanted.length === 0 || wanted.includes('all') ? all : wanted;
  for (const name of names) if (!ARCHITECTURES[name]) throw new UsageError(USAGE);
  const { mirror: mirrors = [] } = options;
  for (const mirror of mirrors)
    if (!URL.canParse(mirror)) throw new UsageError(`--mirror ${mirror}: not an address`);
  const weights = storageOf(options);
  await checkFolder(options['models-dir']);
  for (const name of names) {
    await fetchNetwork(options['models-dir'], name, sources, {
      ...(ARCHITECTURES[name]?.kind === 'features' && { weights }),
      cache: options.cache,
      mirrors,
      tries: countOf(options, 'tries'),
      backoff: countOf(options, 'backoff'),
      patience: countOf(options, 'patience'),
    });
  }
}

async function list(dir: string): Promise<void> {
  const { models } = await readManifest(dir);
  for (const { id, label, bytes, licence } of models) {
    process.stdout.write(`${id}\t${label}\t${(bytes / 1e6).toFixed(1)} MB\t${licence}\n`);
  }
}

async function verify(dir: string): Promise<void> {
  const { models } = await readManifest(dir);
  for (const entry of models) {
    const problem = await checkModel(dir, entry);
    process.stdout.write(`${entry.id}: ${problem ?? 'whole'}\n`);
    if (problem) process.exitCode = 1;
  }
}

await runCommand(async () => {
  const { values, positionals } = parse(process.argv.slice(2));
  const [command, ...rest] = positionals;
  switch (command) {
    case 'fetch':
      return fetchModels(rest, values);
    case 'import':
      return importModel(rest[0], rest[1], values);
    case 'list':
      return list(values['models-dir']);
    case 'verify':
      return verify(values['models-dir']);
    case 'describe':
      return describeModels(values['models-dir']);
    default:
      throw new UsageError(USAGE);
  }
});
