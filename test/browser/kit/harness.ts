import type { Page } from 'playwright-core';
import { beforeAll } from 'vitest';
import type { Capabilities, Counters, StepLosses } from '../../../web/worker/contract.ts';
import type { Fault } from '../../../web/worker/faults.ts';
import { useStage, type Stage } from './stage.ts';

/** What harness.run tells of a run. */
export interface Ran {
  readonly losses: readonly StepLosses[];
  readonly capabilities: Capabilities;
  readonly finished: boolean;
  readonly cutShort?: boolean;
  readonly width: number;
  readonly height: number;
  readonly counters: Counters;
  readonly error?: Fault & { readonly className: string; readonly name: string };
  readonly seen: {
    readonly reports: string[];
    readonly previews: number;
    readonly lastStep: number;
  };
}

export interface Harness {
  readonly stage: Stage;
  readonly page: Page;
  /** The functions of harness/main.js, in the page. */
  readonly call: <T>(name: string, argument: object | string) => Promise<T>;
}

/** The tests' own page around the worker, with a GPU that the processor plays; there once a file's first test begins. */
export function useHarness(): Harness {
  const stage = useStage({ harness: true, webgpu: true });
  const opened: { page?: Page } = {};
  beforeAll(async () => {
    opened.page = await stage.browser.newPage();
    await opened.page.goto(stage.site.origin);
    await opened.page.locator('html[data-ready]').waitFor({ state: 'attached' });
  });
  return {
    stage,
    get page() {
      return opened.page!;
    },
    call: (name, argument) => opened.page!.evaluate(`harness.${name}(${JSON.stringify(argument)})`),
  };
}
