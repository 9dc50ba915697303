import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finish, handOver, openStudio } from './kit/studio.ts';
import { useStage } from './kit/stage.ts';

const NETWORK = readFileSync(new URL('../fixtures/foreign/net.onnx', import.meta.url));
const SHOTS = process.env['RESTYLE_SHOTS'];
const stage = useStage();

describe("a network of the person's own", () => {
  it('is dropped on the page, paints, stays after a reload, and can be removed', async () => {
    const studio = await openStudio(stage, '?backend=wasm&size=48&steps=2&scales=1');
    const { page, complaints } = studio;
    const shot = async (name: string) => {
      if (!SHOTS) return;
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
    };
    await handOver(page, 'drop', 'body', 'Mine.ONNX', NETWORK);
    await page.getByRole('status').filter({ hasText: 'Mine is on this device now' }).waitFor();
    await shot('own-network-taken');

    await page.locator('.action').click();
    await finish(page);
    await page.reload();
    await page.locator('.action:enabled').waitFor();

    await page.locator('[data-verb=gallery]').click();
    const row = page.locator('[data-model^=own-]');
    // Known once this device's storage was looked through.
    await expect.poll(() => row.getAttribute('data-state')).toBe('here');
    await shot('own-network-models');
    await row.getByRole('button', { name: /Remove/ }).click();
    await row.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await studio.close();
  });

  it('is refused by name where it cannot be read, and changes nothing', async () => {
    const studio = await openStudio(stage, '?backend=wasm');
    const { page } = studio;
    await handOver(page, 'drop', 'body', 'broken.onnx', NETWORK.subarray(0, 100));
    await page.getByRole('alert').waitFor();
    expect(await page.evaluate(`localStorage.getItem('own-networks')`)).toBeNull();
    await studio.close();
  });
});
