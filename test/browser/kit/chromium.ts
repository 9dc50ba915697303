import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../../tools/programs.ts';

/** WebGPU played by the processor: slow and exact, and there on every machine. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** A real Chromium. Throws one line that says how to get one. */
export async function launch(options: { webgpu?: boolean } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: executable(),
    args: [...CHROMIUM_FLAGS, ...(options.webgpu ? SOFTWARE_WEBGPU : [])],
  });
}

/** The same with a profile that lasts, for what private windows do not do. */
export async function launchProfile(folder: string): Promise<BrowserContext> {
  const options = { executablePath: executable(), args: CHROMIUM_FLAGS, locale: 'en-US' };
  return chromium.launchPersistentContext(folder, options);
}

function executable(): string {
  const found = findChromium();
  if (found !== null) return found;
  throw new Error(
    'The browser tests need Chromium: `apt-get install chromium`, or set CHROME_PATH to a Chrome or Chromium.',
  );
}
