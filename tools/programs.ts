/** Programs of the machine that benches and tests need: where they are found, and how they are started. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const CHROMIUMS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * What a browser window has for its address bar, which takes a second for each window; and, as the last such flag is the one
 * that counts, what playwright-core turns off.
 */
const FEATURES_OFF = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** A Chromium that does nothing of its own accord. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${FEATURES_OFF.join(',')}`,
];

/** The one that CHROME_PATH names, and no other, else one in the usual places; null without. */
export function findChromium(): string | null {
  const named = process.env['CHROME_PATH'];
  return (named ? [named] : CHROMIUMS).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A Python that has PyTorch, PYTHON's before others; null without. Debian's packages belong to Debian's interpreter,
 * which need not be the first on PATH.
 */
export function findTorch(): string | null {
  const candidates = [process.env['PYTHON'], '/usr/bin/python3', 'python3'];
  return (
    candidates.find((python) => python && spawnSync(python, ['-c', 'import torch']).status === 0) ??
    null
  );
}
