import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../../tools/programs.ts';
import { LIFTOFF_ONLY } from '../../support/liftoff.ts';

/** WebGPU played by the processor: slow and exact, and there on every machine. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

export interface LaunchOptions {
  readonly webgpu?: boolean;
  /** So many cameras, which show a drawing that moves. */
  readonly cameras?: number;
}

/** Milliseconds after which something hangs, on a machine that has other work, too. */
export const PATIENCE = 200_000;

/** A real Chromium. Throws one line that says how to get one. */
export async function launch({ webgpu, cameras = 0 }: LaunchOptions = {}): Promise<Browser> {
  const fake = `--use-fake-device-for-media-stream=device-count=${cameras}`;
  return chromium.launch({
    executablePath: executable(),
    args: [
      ...CHROMIUM_FLAGS,
      `--js-flags=${LIFTOFF_ONLY}`,
      ...(webgpu ? SOFTWARE_WEBGPU : []),
      ...(cameras > 0 ? [fake] : []),
    ],
  });
}

/** The same with a profile that lasts, for what private windows do not do. */
export async function launchProfile(folder: string): Promise<BrowserContext> {
  const options = { executablePath: executable(), args: CHROMIUM_FLAGS, locale: 'en-US' };
  const context = await chromium.launchPersistentContext(folder, options);
  context.setDefaultTimeout(PATIENCE);
  return context;
}

function executable(): string {
  const found = findChromium();
  if (found !== null) return found;
  throw new Error(
    'The browser tests need Chromium: `apt-get install chromium`, or set CHROME_PATH to a Chrome or Chromium.',
  );
}
