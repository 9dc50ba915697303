import { accessSync, constants } from 'node:fs';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

const PLACES = [
  process.env['CHROME_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** WebGPU played by the processor: slow and exact, and there on every machine. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** A real Chromium. Throws one line that says how to get one. */
export async function launch(options: { webgpu?: boolean } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [...FLAGS, ...(options.webgpu ? SOFTWARE_WEBGPU : [])],
  });
}

/** The same with a profile that lasts, for what private windows do not do. */
export async function launchProfile(folder: string): Promise<BrowserContext> {
  const options = { executablePath: findChromium(), args: FLAGS, locale: 'en-US' };
  return chromium.launchPersistentContext(folder, options);
}

function findChromium(): string {
  const found = PLACES.find((path) => path !== undefined && isProgram(path));
  if (found !== undefined) return found;
  throw new Error(
    'The browser tests need Chromium: `apt-get install chromium`, or set CHROME_PATH to a Chrome or Chromium.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
