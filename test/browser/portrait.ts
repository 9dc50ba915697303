/**
 * npm run portrait: the first picture of the README, docs/page.jpg, taken of the page as it is: one of its photos painted
 * after one of its styles by the default look on wasm, half uncovered.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { writeWhole } from '../../tools/output.ts';
import { launchProfile } from './kit/chromium.ts';
import { openSite } from './kit/site.ts';

const OUT = fileURLToPath(new URL('../../docs/page.jpg', import.meta.url));
const VIEW = { width: 1280, height: 860 };
/** The town, after the swirls. */
const [PHOTO, STYLE] = [1, 0];

const site = await openSite({ minify: true });
const profile = await mkdtemp(join(tmpdir(), 'restyle-portrait-'));
const context = await launchProfile(profile);
try {
  const page = await context.newPage();
  await page.setViewportSize(VIEW);
  await page.goto(`${site.origin}/?backend=wasm&size=512`);
  const tile = (role: string, index: number) =>
    page.locator(`fieldset[data-role=${role}] label.tile`).nth(index);
  await tile('photo', PHOTO).click();
  await tile('style', STYLE).click();
  await page.locator('.action:enabled').click();
  await page.locator('[data-phase=done]').waitFor({ timeout: 0 });
  const shot = await page.screenshot();
  await writeWhole(OUT, await sharp(shot).jpeg({ quality: 88, mozjpeg: true }).toBuffer());
} finally {
  await context.close();
  await site.close();
  await rm(profile, { recursive: true });
}
