import './kit/place.ts';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import manifest from '../../public/models/manifest.json';
import { LOOKS } from '../../shared/looks.ts';
import type { Manifest } from '../../shared/models.ts';
import { inEach } from '../../shared/languages.ts';
import { makeSettings, PRESETS, SETTINGS_VERSION } from '../../shared/settings.ts';

const exchange = await import('../../web/studio/choices/exchange.ts');
const choices = await import('../../web/studio/choices/choices.ts');
const families = await import('../../web/studio/choices/families.ts');
const networks = await import('../../web/studio/networks/networks.ts');
const estimate = await import('../../web/studio/run/estimate.ts');
const { capabilities } = await import('../../web/studio/engine/engine.ts');
const { display } = await import('../../web/studio/pictures/picked.ts');

const MANIFEST = manifest as unknown as Manifest;
const small = MANIFEST.models.find(({ id }) => id === 'lite-vgg')!;
const full = { ...small, id: 'vgg19', label: 'VGG19', sha256: 'a'.repeat(64) };
const own = { ...small, id: 'mine', label: 'Mine', sha256: 'b'.repeat(64) };

async function list(models: Manifest['models']): Promise<void> {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ version: 1, models })));
  await networks.loadNetworks();
  vi.unstubAllGlobals();
}

beforeAll(() => list(MANIFEST.models));

describe('settings as text', () => {
  const now = makeSettings('default', { size: 256 });

  it('come back as they were, and say in which version’s terms they are', () => {
    const text = exchange.write(now);
    expect(JSON.parse(text)).toMatchObject({ settingsVersion: SETTINGS_VERSION, size: 256 });
    expect(exchange.read(text, PRESETS.gatys)).toEqual(now);
  });

  it('of an older version mean what they meant there', () => {
    const older = '{"settingsVersion": 1, "keepColours": true, "steps": 12}';
    expect(exchange.read(older, now)).toEqual({ ...now, colours: 'luminance', steps: 12 });
  });

  it.each([
    ['{ steps: 5', { why: 'json' }],
    ['[1, 2]', { why: 'shape' }],
    [`{"settingsVersion": ${SETTINGS_VERSION + 1}}`, { why: 'version' }],
    ['{"stepz": 5}', { why: 'name', field: 'stepz' }],
    ['{"steps": -3}', { why: 'value', field: 'steps', value: '-3' }],
    [
      '{"styleLayers": [{"tap": "relu1_1", "weight": "much"}]}',
      { why: 'value', field: 'styleLayers.0.weight', value: '"much"' },
    ],
  ])('are refused where they are %s', (text, why) => {
    expect(exchange.read(text, now)).toEqual(why);
  });
});

describe('choices', () => {
  beforeEach(() => {
    choices.reset();
    choices.chooseSize(256);
    choices.chooseLook('balanced');
  });

  it('are the look’s, until something is changed, and go back to it', () => {
    expect(choices.settings.value).toEqual(
      makeSettings('default', { size: 256, ...LOOKS.balanced }),
    );
    choices.change({ tvWeight: 0, steps: 12, colours: 'photo' });
    expect(choices.settings.value).toMatchObject({ tvWeight: 0, steps: 12, colours: 'photo' });
    expect([...choices.changedFields.value].sort()).toEqual(['steps', 'tvWeight']);
    choices.chooseLook('quick');
    // A look governs its own settings and leaves the others.
    expect(choices.settings.value).toMatchObject({ tvWeight: 0, ...LOOKS.quick });
    choices.reset();
    expect(choices.settings.value).toMatchObject({ ...LOOKS.quick, colours: 'photo' });
    expect(choices.changed.value).toBe(0);
  });

  it('that are taken over belong to the look they differ from least', () => {
    choices.chooseSettings(makeSettings('default', { ...LOOKS.best, size: 512, tvWeight: 2.5 }));
    expect(choices.look.value).toBe('best');
    expect([...choices.changedFields.value]).toEqual(['tvWeight']);
    expect(choices.size.value).toBe(512);
  });
});

describe('families of networks', () => {
  afterEach(() => list(MANIFEST.models));

  it('are one, the other or both', () => {
    expect(families.choices.value).toEqual(['vgg', 'resnet', 'both']);
    families.choose('both');
    expect(networks.chosenNetworks.value.map(({ id }) => id)).toEqual(['lite-vgg', 'lite-resnet']);
    expect(families.choice.value).toBe('both');
    expect(families.versions.value).toBeNull();
  });

  it('have versions where a full network is there, and others go by their names', async () => {
    await list([...MANIFEST.models, full, own]);
    expect(families.choices.value).toEqual(['vgg', 'resnet', 'both', 'mine']);
    families.choose('vgg');
    families.chooseVersion('full');
    expect(networks.chosenNetworks.value.map(({ id }) => id)).toEqual(['vgg19']);
    expect(families.version.value).toBe('full');
    // Where only one of the two has a full version, both means that one and the small other.
    families.choose('both');
    expect(networks.chosenNetworks.value.map(({ id }) => id)).toEqual(['vgg19', 'lite-resnet']);
    expect(families.canGoLite.value).toBe(true);
    families.chooseLite();
    expect(networks.chosenNetworks.value.map(({ id }) => id)).toEqual(['lite-vgg', 'lite-resnet']);
    families.choose('mine');
    expect(families.choice.value).toBe('mine');
  });

  it('without one of them there are no both', async () => {
    await list(MANIFEST.models.filter(({ id }) => id !== 'lite-resnet'));
    expect(families.choices.value).toEqual(['vgg']);
  });

  it('leave no layers behind that the next one has not', () => {
    families.choose('vgg');
    choices.change({ contentLayers: [{ tap: 'relu3_1', weight: 1 }] });
    families.choose('resnet');
    expect(choices.settings.value.contentLayers).toEqual([]);
  });
});

describe('what a run will take', () => {
  const side = (length: number) => ({
    id: 'own',
    title: inEach(() => 'Lake'),
    url: 'data:,',
    own: true,
    width: length,
    height: length,
  });
  const flops = small.cost!.flops;

  beforeAll(() => {
    display(side(512), [{ picture: { ...side(64), id: 'style' }, weight: 1 }]);
    families.choose('vgg');
    choices.chooseSettings(makeSettings('default', { size: 256, steps: 100, scales: 1 }));
    capabilities.value = {
      backend: 'wasm',
      reason: 'asked',
      adapter: '',
      threads: 2,
      isolated: true,
    };
  });

  it('is not known before anything was measured', () => {
    expect(estimate.expected.value.seconds).toBeNull();
    // What the manifest tells needs no measurement.
    expect(estimate.expected.value.bytes).toBeGreaterThan(small.cost!.bytes * 256 * 256);
  });

  it('goes by steps and pixels, and learns from runs', () => {
    estimate.setPace('wasm', { overhead: 0, perFlop: 1e-9, factors: {} });
    const seconds = () => estimate.expected.value.seconds!;
    // As many steps more as the preparation takes.
    expect(seconds()).toBeCloseTo(103 * 1e-9 * flops * 256 * 256, 6);
    const before = seconds();
    choices.change({ steps: 203 });
    expect(seconds() / before).toBeCloseTo(2, 6);
    choices.change({ steps: 100 });
    estimate.learn('wasm', 'lite-vgg', 3 * before, 256 * 256, choices.settings.value);
    expect(seconds()).toBeCloseTo(3 * before, 6);
    // The next one counts half.
    estimate.learn('wasm', 'lite-vgg', before, 256 * 256, choices.settings.value);
    expect(seconds()).toBeCloseTo(2 * before, 6);
  });
});
