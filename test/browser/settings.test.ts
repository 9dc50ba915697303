import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../shared/models.ts';
import { LOOKS } from '../../shared/looks.ts';
import { PRESETS, SETTINGS_VERSION, type StyleSettings } from '../../shared/settings.ts';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, reachStep, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

const WITH_CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };
const BALANCED = { ...PRESETS.default, ...LOOKS.balanced, size: 256 };

afterEach(() => studio.close());

const openDrawer = (page: Page) => page.locator('.drawer > summary').first().click();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** The settings in force, as the page itself hands them out. */
async function settingsOf(page: Page): Promise<StyleSettings> {
  await button(page, 'Copy as JSON').click();
  await page.getByText('The settings are on the clipboard.').waitFor();
  const text = await page.evaluate<string>('navigator.clipboard.readText()');
  const { settingsVersion, ...settings } = JSON.parse(text) as StyleSettings & {
    settingsVersion: number;
  };
  expect(settingsVersion).toBe(SETTINGS_VERSION);
  return settings;
}

async function pasteIn(page: Page, text: string): Promise<void> {
  const field = page.getByLabel('Settings as JSON');
  if ((await field.count()) === 0) await button(page, 'Paste').click();
  await field.fill(text);
  await button(page, 'Use these').click();
}

/** Mean difference between the painting's colours and the photo's, brightness aside, in 0..255. */
const colourShift = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const painting = document.querySelector('canvas.pastiche');
    const { width, height } = painting;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(document.querySelector('.photo'), 0, 0, width, height);
    const a = context.getImageData(0, 0, width, height).data;
    const b = painting.getContext('2d').getImageData(0, 0, width, height).data;
    let sum = 0;
    for (let i = 0; i < a.length; i += 4) {
      const chroma = (d, j) => d[i + j] - d[i + 1];
      sum += Math.abs(chroma(a, 0) - chroma(b, 0)) + Math.abs(chroma(a, 2) - chroma(b, 2));
    }
    return sum / (a.length / 2);
  })()`);

/** Comes back to a page that also has a full network, whose file is another, and somebody's own. */
async function listMore(page: Page): Promise<void> {
  const path = new URL('../../public/models/manifest.json', import.meta.url);
  const { models } = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  const small = models.find(({ id }) => id === 'lite-vgg')!;
  const own = { ...small, id: 'my-net', label: 'My network', sha256: 'b'.repeat(64) };
  const full = { ...small, id: 'vgg19', label: 'VGG19', bytes: 25e6, sha256: 'a'.repeat(64) };
  await page.route('**/manifest.json', (route) =>
    route.fulfill({ json: { version: 1, models: [...models, full, own] } }),
  );
  await page.reload();
}

describe('settings', () => {
  it('are what the controls say, and go back to what the look says', async () => {
    studio = await openStudio(stage, '', WITH_CLIPBOARD);
    const { page, complaints, requests } = studio;
    expect(requests.some((url) => url.includes('Advanced'))).toBe(false);
    await openDrawer(page);
    expect(await settingsOf(page)).toEqual(BALANCED);
    await page.getByLabel('Steps').fill('120');
    await page.getByLabel('Smoothness').fill('0');
    await page.getByLabel('Photo layer').selectOption('relu3_1');
    await page.getByText('Style layers').click();
    await page.getByLabel('relu1_1', { exact: true }).uncheck();
    await page.getByLabel('Weight of relu4_1').fill('20');
    await page.getByLabel('Begin from').selectOption('noise');
    await page.getByLabel('Seed').fill('77');
    await page.getByText('Optimisation', { exact: true }).click();
    await page.getByRole('radio', { name: 'L-BFGS' }).check();
    await page.getByRole('radio', { name: 'Average' }).check();
    await page.getByLabel('My photo’s colours').check();
    const now = await settingsOf(page);
    expect(now).toEqual({
      ...BALANCED,
      steps: 3000,
      tvWeight: 0,
      contentLayers: [{ tap: 'relu3_1', weight: 1 }],
      styleLayers: [
        { tap: 'relu2_1', weight: 1 },
        { tap: 'relu3_1', weight: 1 },
        { tap: 'relu4_1', weight: 10 },
      ],
      init: 'noise',
      seed: 77,
      optimizer: 'lbfgs',
      learningRate: 1,
      pooling: 'average',
      colours: 'luminance',
    });
    // Every control of the drawer is explained.
    const described = await page.evaluate(`[...document.querySelectorAll('.advanced .field')]
      .every((field) => field.querySelector('.fine').textContent.trim().length > 10)`);
    expect(described).toBe(true);
    // A look governs its own settings and leaves the others.
    await page.getByRole('radio', { name: 'Quick' }).check();
    expect(await settingsOf(page)).toEqual({ ...now, ...LOOKS.quick });
    await button(page, 'Reset').click();
    expect(await settingsOf(page)).toEqual({ ...BALANCED, ...LOOKS.quick, colours: 'luminance' });
    // Layers of one network mean nothing to another.
    await page.getByLabel('Photo layer').selectOption('relu3_1');
    await page.getByRole('radio', { name: 'ResNet' }).check();
    expect((await settingsOf(page)).contentLayers).toEqual([]);
    expect(await page.getByLabel('Photo layer').inputValue()).toBe('layer2.0');
    expect(complaints).toEqual([]);
  });

  it('have a control for all that the engine can do', async () => {
    studio = await openStudio(stage, '', WITH_CLIPBOARD);
    const { page, complaints } = studio;
    await openDrawer(page);
    for (const group of ['Loss functions', 'Optimisation'])
      await page.getByText(group, { exact: true }).click();
    await page.getByLabel('What style is').selectOption('moments');
    await page.getByRole('radio', { name: 'C·H·W' }).check();
    await page.getByLabel('Total variation').selectOption('absolute');
    await page.getByLabel('Input of the network').fill('255:1,2,3:1,1,1');
    await page.getByLabel('Step control').uncheck();
    await page.getByLabel('Averaging').fill('0,9');
    const memory = page.getByLabel('Adam’s memory');
    await memory.fill('0.8,0.9');
    // What cannot be changes nothing, and is gone when the field is left.
    await memory.fill('0.8,1');
    expect(await memory.getAttribute('aria-invalid')).toBe('true');
    await memory.blur();
    await expect.poll(() => memory.inputValue()).toBe('0.8,0.9');
    expect(await settingsOf(page)).toEqual({
      ...BALANCED,
      styleLossKind: 'moments',
      gram: 'chw',
      tv: 'absolute',
      preprocess: { range: 255, mean: [1, 2, 3], std: [1, 1, 1] },
      stepControl: false,
      averaging: 0.9,
      betas: [0.8, 0.9],
    });
    expect(await page.locator('.inner .chosen').allInnerTexts()).toContain('4 changed');
    expect(complaints).toEqual([]);
  });

  it('are handed over as JSON, and what is not settings changes nothing', async () => {
    studio = await openStudio(stage, '', WITH_CLIPBOARD);
    const { page, complaints } = studio;
    await openDrawer(page);
    const refusals = [
      ['{ steps: 5', 'This is not JSON.'],
      ['[1, 2]', 'not a set of settings'],
      ['{"settingsVersion": 999}', 'of a newer version'],
      ['{"stepz": 5}', 'There is no setting called “stepz”.'],
      ['{"steps": -3}', '“steps” cannot be -3.'],
      ['{"styleLayers": [{"tap": "relu1_1", "weight": "much"}]}', '“styleLayers.0.weight”'],
    ] as const;
    for (const [text, words] of refusals) {
      await pasteIn(page, text);
      const refusal = page.locator('.exchange').getByRole('alert');
      await expect.poll(() => refusal.innerText()).toContain(words);
      expect(await refusal.innerText()).toContain('Nothing was changed.');
    }
    expect(await settingsOf(page)).toEqual(BALANCED);
    await pasteIn(page, `{"steps": ${LOOKS.best.steps}, "scales": 3, "tvWeight": 2.5}`);
    await page.getByText('The settings are in use.').waitFor();
    expect(await page.getByRole('radio', { name: 'Best' }).isChecked()).toBe(true);
    expect(await settingsOf(page)).toEqual({
      ...BALANCED,
      ...LOOKS.best,
      scales: 3,
      tvWeight: 2.5,
    });
    const all = { ...PRESETS.gatys, size: 384, history: 7 };
    await pasteIn(page, JSON.stringify(all));
    await expect.poll(() => settingsOf(page)).toEqual(all);
    expect(complaints).toEqual([]);
  });

  it('are remembered from visit to visit, under the wishes of the address', async () => {
    studio = await openStudio(stage, '', WITH_CLIPBOARD);
    const { page } = studio;
    await page.getByRole('radio', { name: 'Strong' }).check();
    await page.getByRole('radio', { name: 'Both' }).check();
    await page.getByLabel('Size').fill('3');
    await page.getByLabel('Then upscale ×4').check();
    await openDrawer(page);
    await page.getByLabel('Photo weight').fill('0');
    const before = await settingsOf(page);
    expect(before).toEqual({ ...BALANCED, ...LOOKS.strong, size: 384, contentWeight: 0 });
    await page.reload();
    await openDrawer(page);
    expect(await settingsOf(page)).toEqual(before);
    expect(await page.getByRole('radio', { name: 'Both' }).isChecked()).toBe(true);
    expect(await page.getByLabel('Then upscale ×4').isChecked()).toBe(true);
    expect(await page.getByText('1536 × 1152').count()).toBe(1);
    await page.goto(`${stage.site.origin}/?ahead=0&size=64&steps=5`);
    await openDrawer(page);
    expect(await settingsOf(page)).toMatchObject({ size: 64, steps: 5, contentWeight: 0 });
    // What somebody else left in the storage is not taken for choices.
    await page.evaluate(`localStorage.setItem('restyle.choices', '{"look":"ugly"}')`);
    await page.goto(`${stage.site.origin}/?ahead=0`);
    await openDrawer(page);
    expect(await settingsOf(page)).toEqual(BALANCED);
  });

  it('reach the run: two networks paint two pictures, and the photo keeps its colours', async () => {
    studio = await openStudio(stage, '?size=48&steps=20');
    const { page, complaints } = studio;
    await page.getByRole('radio', { name: 'Both' }).check();
    await page.locator('.action').click();
    await finish(page);
    const made = await page.locator('.finished .made').allInnerTexts();
    expect(made.map((line) => line.split(':')[0])).toEqual(['VGG19 lite', 'ResNet50 lite']);
    const shift = await colourShift(page);

    await page.getByRole('radio', { name: 'VGG', exact: true }).check();
    await page.getByLabel('My photo’s colours').check();
    await page.locator('.action').click();
    await finish(page);
    expect(await page.locator('.finished .made').count()).toBe(1);
    expect(await colourShift(page)).toBeLessThan(shift / 3);
    expect(complaints).toEqual([]);
  });

  it('may be changed during a run, which then offers to begin again', async () => {
    studio = await openStudio(stage, '?size=48&steps=4000');
    const { page } = studio;
    await openDrawer(page);
    await page.locator('.action').click();
    await reachStep(page, 2);
    expect(await page.getByRole('radio', { name: 'Processor' }).isDisabled()).toBe(true);
    await page.getByLabel('Steps').fill('0');
    await button(page, 'Start again with these choices').click();
    await finish(page);
    expect(await page.locator('.finished .made').innerText()).toContain('10 steps');
  });

  it('choose between small and full networks where both are there', async () => {
    studio = await openStudio(stage, '');
    const { page } = studio;
    await listMore(page);
    const versions = page.getByRole('group', { name: 'Version' });
    await versions.waitFor();
    expect(await versions.innerText()).toMatch(/25\sMB to fetch/);
    await versions.getByRole('radio', { name: 'Full' }).check();
    expect(await page.evaluate(`localStorage.getItem('restyle.networks')`)).toBe('["vgg19"]');
    await page.getByRole('radio', { name: 'Both' }).check();
    const both = await page.evaluate(`localStorage.getItem('restyle.networks')`);
    expect(both).toBe('["vgg19","lite-resnet"]');
    await page.getByRole('radio', { name: 'My network' }).check();
    expect(await versions.count()).toBe(0);
    await page.getByRole('radio', { name: 'ResNet' }).check();
    expect(await versions.count()).toBe(0);
  });

  it('go back to the small network when the full one cannot be had', async () => {
    studio = await openStudio(stage, '?size=64&steps=3');
    const { page } = studio;
    await listMore(page);
    await page.getByRole('radio', { name: 'Full' }).check();
    await page.locator('.action:enabled').click();
    const notice = page.getByRole('alert');
    await notice.getByText('The network could not be loaded.').waitFor();
    await notice.getByRole('button', { name: 'Use the small network' }).click();
    await finish(page);
    expect(await page.getByRole('radio', { name: 'Small' }).isChecked()).toBe(true);
  });
});

describe('the estimate', () => {
  const needs = (page: Page) => page.locator('.needs');

  /** "1 min 20 sec" */
  const secondsIn = (text: string): number =>
    [...text.matchAll(/(\d+(?:\.\d)?)\s(min|sec)\b/g)].reduce(
      (sum, [, figure, unit]) => sum + Number(figure) * (unit === 'min' ? 60 : 1),
      0,
    );

  it('comes from a short measurement while the page is idle, and is about right', async () => {
    studio = await openStudio(stage, '?ahead=1&size=96&steps=30');
    const { page, complaints } = studio;
    expect(await needs(page).innerText()).toMatch(/^About \d+(\.\d)?\sMB of memory\.$/);
    await needs(page).getByText('on this device').waitFor();
    const seconds = secondsIn(await needs(page).innerText());
    // The measuring worker is gone, with its threads: there is the engine, which has read the photo, with its own.
    const cores = await page.evaluate<number>('navigator.hardwareConcurrency');
    const alive = () => page.workers().map((worker) => worker.url());
    const engines = () => alive().filter((url) => /\/worker-[^/]*\.js$/.test(url)).length;
    await expect.poll(engines).toBe(1);
    await expect.poll(() => alive().length).toBeLessThanOrEqual(cores);
    await page.locator('.action').click();
    await finish(page);
    const summary = await page.locator('.finished .made').innerText();
    const took = secondsIn(summary);
    expect(seconds).toBeGreaterThan(took / 10);
    expect(seconds).toBeLessThan(took * 10);
    // What the run took is learnt from.
    const small = await needs(page).innerText();
    expect(Math.abs(secondsIn(small) - took)).toBeLessThanOrEqual(1 + took / 10);
    // More pixels take longer and need more.
    await page.getByLabel('Size').fill('7');
    expect(await needs(page).innerText()).toMatch(/min|hr/);
    expect(await needs(page).innerText()).not.toBe(small);
    expect(complaints).toEqual([]);
  });

  it('gives way to a run at once', async () => {
    studio = await openStudio(stage, '?ahead=1&size=48&steps=4');
    const { page, complaints } = studio;
    await page.locator('.action').click();
    await finish(page);
    await needs(page).getByText('on this device').waitFor();
    expect(complaints).toEqual([]);
  });
});
