import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launch, type LaunchOptions } from './chromium.ts';
import { openSite, type Site } from './site.ts';

export interface Stage {
  readonly site: Site;
  readonly browser: Browser;
}

/** A served page and a browser for the tests of a file; there once its first test begins. */
export function useStage(options: LaunchOptions & { harness?: boolean } = {}): Stage {
  const stage: { site?: Site; browser?: Browser } = {};
  beforeAll(async () => {
    stage.browser = await launch(options);
    stage.site = await openSite(options);
  });
  afterAll(async () => {
    await stage.browser?.close();
    await stage.site?.close();
  });
  return stage as Stage;
}
