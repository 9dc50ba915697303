import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JOB_LIMITS } from '../../shared/job.ts';
import { useStage } from './kit/stage.ts';

const stage = useStage({ harness: true });
let page: Page;

beforeAll(async () => {
  page = await stage.browser.newPage();
  await page.goto(stage.site.origin);
  await page.waitForFunction('globalThis.harness');
});
afterAll(() => page.close());

interface Packed {
  readonly bytes: number;
  readonly type: string;
  readonly eased: string | null;
  readonly width: number;
  readonly height: number;
}

const pack = (job: object): Promise<Packed> =>
  page.evaluate(`harness.packing(${JSON.stringify(job)})`);

describe("a job's picture", () => {
  it('goes as a PNG, two networks side by side', async () => {
    const job = { count: 2, width: 60, height: 80, noisy: true, deliverAs: 'document' };
    const { type, eased, width, height } = await pack(job);
    expect([type, eased, width, height]).toEqual(['image/png', null, 120, 80]);
  });

  it('goes as a JPEG where Telegram compresses it anyway', async () => {
    const job = { count: 1, width: 60, height: 80, noisy: true, deliverAs: 'photo' };
    const { type, eased } = await pack(job);
    expect([type, eased]).toEqual(['image/jpeg', null]);
  });

  it('goes as a JPEG of the same size when the PNG would be too large', async () => {
    const job = { count: 1, width: 2800, height: 2700, noisy: true, deliverAs: 'document' };
    const { bytes, ...packed } = await pack(job);
    expect(packed).toEqual({ type: 'image/jpeg', eased: 'jpeg', width: 2800, height: 2700 });
    expect(bytes).toBeLessThanOrEqual(JOB_LIMITS.bytes);
  });

  it('is made smaller when it has more pixels than the bridge takes', async () => {
    const job = { count: 2, width: 5300, height: 4000, noisy: false, deliverAs: 'document' };
    const { width, height, eased } = await pack(job);
    expect(eased).toBe('smaller');
    expect(width * height).toBeLessThanOrEqual(JOB_LIMITS.pixels);
    expect(width * height).toBeGreaterThan(0.98 * JOB_LIMITS.pixels);
    expect(width / height).toBeCloseTo(10_600 / 4000, 2);
  });
});
