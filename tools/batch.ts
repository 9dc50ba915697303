/** One picture or a folder of them: what is to be done, what was done already, and what could not be. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { extname, join, parse as parsePath } from 'node:path';
import { UsageError } from './cli.ts';
import { checkPictureWritable } from './output.ts';

/** A picture and where its result goes. */
export interface Errand {
  readonly input: string;
  readonly out: string;
}

export interface Batch {
  /** Still to be done. */
  readonly errands: readonly Errand[];
  /** Results that were there already. */
  readonly done: number;
  readonly folder: boolean;
}

const PICTURES = new Set('.jpg .jpeg .png .webp .gif .bmp .tif .tiff .avif .heic .heif'.split(' '));

const isFolder = async (path: string) =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

/**
 * What `--content` and `--out` mean: two files, or two folders. Of a folder, pictures whose result is there are left out,
 * so that the same command goes on where it was interrupted; results are whole or not there.
 *
 * @throws UsageError
 */
export async function planBatch(content: string, out: string): Promise<Batch> {
  if (!(await isFolder(content))) {
    await checkPictureWritable(out);
    return { errands: [{ input: content, out }], done: 0, folder: false };
  }
  const names = (await readdir(content)).filter((name) =>
    PICTURES.has(extname(name).toLowerCase()),
  );
  if (names.length === 0) throw new UsageError(`${content}: no pictures in this folder`);
  await mkdir(out, { recursive: true }).catch(() => {
    throw new UsageError(`--out ${out}: a folder of pictures needs a folder to put them into`);
  });
  const there = new Set(await readdir(out));
  const stems = names.map((name) => parsePath(name).name);
  const all = names.sort().map((name) => {
    const { name: stem } = parsePath(name);
    // dawn.jpg and dawn.png must not become one.
    const alone = stems.filter((other) => other === stem).length === 1;
    return { input: join(content, name), file: `${alone ? stem : name}.png` };
  });
  const errands = all
    .filter(({ file }) => !there.has(file))
    .map(({ input, file }) => ({ input, out: join(out, file) }));
  return { errands, done: all.length - errands.length, folder: true };
}

/**
 * Does the errands in order. In a folder a picture that cannot be read is told of and passed over, and the command ends
 * with exit code 1; what Ctrl-C interrupts is not written.
 */
export async function runBatch(
  { errands, done, folder }: Batch,
  signal: AbortSignal,
  act: (errand: Errand) => Promise<void>,
): Promise<void> {
  if (!folder) return act(errands[0]!);
  const total = errands.length + done;
  if (done > 0) process.stderr.write(`${done} of ${total} are there already\n`);
  const stopped = () => signal.aborted;
  let failed = 0;
  for (const [i, errand] of errands.entries()) {
    if (stopped()) break;
    try {
      await act(errand);
      if (!stopped()) process.stderr.write(`${done + i + 1}/${total} ${errand.out}\n`);
    } catch (error) {
      if (stopped()) break;
      if (!(error instanceof UsageError)) throw error;
      failed++;
      process.stderr.write(`${done + i + 1}/${total} ${error.message}\n`);
    }
  }
  if (failed > 0) process.exitCode ??= 1;
}
