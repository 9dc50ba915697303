/** Where results go: checked before the work, written whole. */
import { constants } from 'node:fs';
import { access, lstat, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { UsageError } from './cli.ts';

/** A file system's way of going in circles ends here. */
const MOST_LINKS = 40;

/** What `path` stands for, symbolic links followed, also to what is not there yet. */
async function followed(path: string): Promise<string> {
  // Links to what is open already, such as /dev/stdout, lead to no name.
  const there = await stat(path).catch(() => null);
  if (there && !there.isFile() && !there.isDirectory()) return path;
  let at = resolve(path);
  for (let n = 0; n < MOST_LINKS; n++) {
    const info = await lstat(at).catch(() => null);
    if (!info?.isSymbolicLink()) return at;
    at = resolve(dirname(at), await readlink(at));
  }
  throw new UsageError(`cannot write ${path}: its links go in circles`);
}

/**
 * Writes a file whole or not at all; through a symbolic link, and straight into what is no file (a device, a pipe).
 */
export async function writeWhole(path: string, data: Uint8Array | string): Promise<void> {
  const target = await followed(path);
  const info = await stat(target).catch(() => null);
  if (info && !info.isFile()) return writeFile(target, data);
  const partial = `${target}.${process.pid}.part`;
  try {
    await writeFile(partial, data, info ? { mode: info.mode } : {});
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Refuses early what could not be written after a long run. */
export async function checkWritable(path: string): Promise<void> {
  const target = await followed(path);
  const info = await stat(target).catch(() => null);
  if (info?.isDirectory()) throw new UsageError(`cannot write ${path}: that is a folder`);
  if (info) {
    await access(target, constants.W_OK).catch(() => {
      throw new UsageError(`cannot write ${path}: it is not writable`);
    });
  }
  // What is no file is written into as it is; a file is replaced, and that is its folder's matter.
  if (info && !info.isFile()) return;
  const folder = await stat(dirname(target)).catch(() => null);
  const open = folder?.isDirectory() && (await writable(dirname(target)));
  if (!open) throw new UsageError(`cannot write ${path}: its folder is missing or not writable`);
}

const writable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );

/** Formats that pictures are written in, by the endings of file names. */
const ENDINGS = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
} as const;
export type OutputFormat = (typeof ENDINGS)[keyof typeof ENDINGS];

/** In the order of the help. */
export const WRITTEN = Object.keys(ENDINGS).join(', ');

/** What the name asks for. Throws UsageError if that cannot be written. */
export function formatOf(path: string): OutputFormat {
  const ending = extname(path).toLowerCase();
  const format = (ENDINGS as Readonly<Record<string, OutputFormat>>)[ending];
  if (format) return format;
  const why = ending === '' ? 'its name does not say in which format' : `not as ${ending}`;
  throw new UsageError(`cannot write ${path}: ${why}; a picture is written as ${WRITTEN}`);
}

/** Of a picture, with the format that its name asks for; a device or a pipe gets a PNG. Throws UsageError. */
export async function checkPictureWritable(path: string): Promise<OutputFormat> {
  await checkWritable(path);
  const info = await stat(path).catch(() => null);
  return info && !info.isFile() && extname(path) === '' ? 'png' : formatOf(path);
}
