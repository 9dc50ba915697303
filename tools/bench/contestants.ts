/** The programs that take the step, those of them that are here, and how to get the others. */
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, findTorch } from '../programs.ts';
import { BenchPage } from './chromium.ts';
import { Child, type Link } from './child.ts';

export type Maker = 'engine' | 'tfjs' | 'torch';
export type Place = 'Node' | 'Chromium' | 'Python';

export interface Contestant {
  readonly maker: Maker;
  readonly place: Place;
  readonly threads: number;
  readonly name: string;
  readonly link: Link;
}

export interface Field {
  readonly contestants: readonly Contestant[];
  /** Lines on who is not here and what to do about it. */
  readonly missing: readonly string[];
  close(): Promise<void>;
  /** Ends the processes at once; Chromium ends with this one. */
  kill(): void;
}

const NAMES: Readonly<Record<Maker, string>> = {
  engine: 'Restyle',
  tfjs: 'TensorFlow.js',
  torch: 'PyTorch',
};

const require = createRequire(import.meta.url);
const scriptOf = (name: string) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/** @param folder of the tasks' files */
export async function gather(folder: string, threads: number): Promise<Field> {
  const missing: string[] = [];
  const tfjs = hasTfjs();
  if (!tfjs) {
    const install = 'npm i -D @tensorflow/tfjs-core@4 @tensorflow/tfjs-backend-wasm@4';
    missing.push(`TensorFlow.js is not here: ${install}`);
  }
  const contestants = [1, ...(threads > 1 ? [threads] : [])].map((n) =>
    inNode('engine', n, folder),
  );
  // Its wasm backend has no threads in Node (tensorflow/tfjs issue 3830).
  if (tfjs) contestants.push(inNode('tfjs', 1, folder));
  const page = await openPage(folder, tfjs ? ['engine', 'tfjs'] : ['engine'], missing);
  if (page) {
    for (const maker of ['engine', ...(tfjs ? (['tfjs'] as const) : [])] as const) {
      const link = page.link(maker, threads);
      contestants.push(contestant(maker, 'Chromium', threads, link));
    }
  }
  const python = findTorch();
  if (python) {
    const link = new Child(python, [scriptOf('pytorch.py'), String(threads), folder]);
    contestants.push(contestant('torch', 'Python', threads, link));
  } else {
    const install = 'apt-get install python3-torch libopenblas0-pthread';
    missing.push(`PyTorch is not here (PYTHON names an interpreter that has it): ${install}`);
  }
  return {
    contestants,
    missing,
    async close() {
      await Promise.all(contestants.map(({ link }) => link.close()));
      await page?.close();
    },
    kill() {
      for (const { link } of contestants) link.kill();
    },
  };
}

function contestant(maker: Maker, place: Place, threads: number, link: Link): Contestant {
  const where = place === 'Python' ? '' : `, ${place}`;
  const name = `${NAMES[maker]}${where}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return { maker, place, threads, name, link };
}

function inNode(maker: Maker, threads: number, folder: string): Contestant {
  const args = ['--import', import.meta.resolve('tsx'), scriptOf('node.ts')];
  const link = new Child(process.execPath, [...args, maker, String(threads), folder]);
  return contestant(maker, 'Node', threads, link);
}

async function openPage(
  folder: string,
  programs: readonly string[],
  missing: string[],
): Promise<BenchPage | null> {
  const executable = findChromium();
  if (!executable) {
    missing.push('Chromium is not here (CHROME_PATH names one): apt-get install chromium');
    return null;
  }
  const out = join(folder, 'page');
  await mkdir(out);
  return BenchPage.open(executable, programs, folder, out);
}

function hasTfjs(): boolean {
  try {
    require.resolve('@tensorflow/tfjs-core');
    require.resolve('@tensorflow/tfjs-backend-wasm');
    return true;
  } catch {
    return false;
  }
}
