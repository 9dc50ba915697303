import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { climb } from '../../shared/ladder.ts';
import {
  changesOf,
  FIELDS,
  fieldsOf,
  flagOf,
  GROUPS,
  makeSettings,
  PRESETS,
  readSetting,
  rowOf,
  SETTINGS_VERSION,
  settingsSchema,
  withCompanions,
  withDefaults,
  type PresetName,
  type StyleSettings,
} from '../../shared/settings.ts';
import { help, parseOptions } from '../../tools/options.ts';
import { fromStore, toStore } from '../../web/storage/versions.ts';
import { readWishes } from '../../web/studio/kit/address.ts';
import { README, withOptions } from '../../tools/readme.ts';

const presets = Object.entries(PRESETS) as [PresetName, StyleSettings][];

describe('the table of settings', () => {
  it('gives every setting a place, a flag, and a default that is allowed', () => {
    expect(GROUPS.flatMap(fieldsOf).sort()).toEqual([...FIELDS].sort());
    expect(new Set(FIELDS.map(flagOf)).size).toBe(FIELDS.length);
    expect(parse(settingsSchema, PRESETS.default)).toEqual(PRESETS.default);
    for (const field of FIELDS)
      expect(help()).toMatch(new RegExp(`--(\\[no-\\])?${flagOf(field)}\\b`));
  });

  it.each(presets)('reads every value of %s as it writes it', (_name, preset) => {
    for (const field of FIELDS) {
      const text = rowOf(field).write(preset[field]);
      expect([field, readSetting(field, text)]).toEqual([field, preset[field]]);
    }
  });

  it.each<[keyof StyleSettings, string]>([
    ['size', '15'],
    ['size', '64.5'],
    ['steps', ''],
    ['learningRate', '0'],
    ['averaging', '1'],
    ['styleWeight', 'Infinity'],
    ['betas', '0.9,0.99,0.999'],
    ['betas', '0.9,1'],
    ['clamp', 'maybe'],
    ['gram', 'w'],
    ['styleLayers', 'relu1_1,:2'],
    ['styleLayers', 'relu1_1:-1'],
    ['styleLayers', '"a'],
    ['styleLayers', 'a,'],
    ['preprocess', '255:1,2:1,1,1'],
    ['preprocess', '255:1,2,3:1,1,0'],
  ])('takes no %s of "%s"', (field, text) => expect(readSetting(field, text)).toBeUndefined());

  it('reads what only text can say', () => {
    expect(readSetting('styleLayers', 'a, b:0.5')).toEqual([
      { tap: 'a', weight: 1 },
      { tap: 'b', weight: 0.5 },
    ]);
    expect(readSetting('styleLayers', '"conv:0":0.5,"a,b",plain')).toEqual([
      { tap: 'conv:0', weight: 0.5 },
      { tap: 'a,b', weight: 1 },
      { tap: 'plain', weight: 1 },
    ]);
    const odd = ['x:0', 'a,b', 'say "yes"', '"', 'a b', 'm/n.1'].map((tap) => ({ tap, weight: 2 }));
    expect(readSetting('styleLayers', rowOf('styleLayers').write(odd))).toEqual(odd);
    expect(readSetting('preprocess', 'caffe')).toMatchObject({ range: 255, order: 'bgr' });
    expect(readSetting('preprocess', '2:1,1,1:1,1,1:bgr')).toMatchObject({
      range: 2,
      order: 'bgr',
    });
    expect(readSetting('preprocess', 'torchvision')).toMatchObject({ std: [0.229, 0.224, 0.225] });
    const [range, mean, std] = [255, [123.7, 116.3, 103.5], [1, 1, 1]];
    expect(readSetting('preprocess', '255:123.7,116.3,103.5:1,1,1')).toEqual({ range, mean, std });
    expect(readSetting('clamp', 'off')).toBe(false);
  });

  it('lets a choice bring along what belongs to it', () => {
    for (const field of FIELDS) {
      const { brings = {} } = rowOf(field) as { brings?: Record<string, Partial<StyleSettings>> };
      for (const changes of Object.values(brings)) makeSettings('default', changes);
    }
    expect(withCompanions({ optimizer: 'lbfgs' })).toEqual({ optimizer: 'lbfgs', learningRate: 1 });
    const own = { optimizer: 'lbfgs', learningRate: 0.5 } as const;
    expect(withCompanions(own)).toEqual(own);
  });
});

describe('the command line', () => {
  const settings = (...args: string[]) => parseOptions(args).settings;

  it.each(presets)('has an option for all that %s says', (name, preset) => {
    const args = FIELDS.map((field) => {
      const text = rowOf(field).write(preset[field]);
      if (rowOf(field).control.kind !== 'switch') return `--${flagOf(field)}=${text}`;
      return `--${text === 'on' ? '' : 'no-'}${flagOf(field)}`;
    });
    const other = name === 'default' ? 'johnson' : 'default';
    expect(settings('--preset', other, ...args)).toEqual(preset);
  });

  it('changes the step with the optimiser, unless it is given or was so before', () => {
    expect(settings('--optimizer', 'lbfgs').learningRate).toBe(1);
    expect(settings('--optimizer', 'lbfgs', '--learning-rate', '2').learningRate).toBe(2);
    expect(settings('--preset', 'tutorial', '--optimizer', 'adam').learningRate).toBe(0.02);
    expect(settings('--preset', 'tutorial', '--optimizer', 'lbfgs')).toEqual(PRESETS.tutorial);
  });

  it('is in the README as it is', () => {
    const text = readFileSync(README, 'utf8');
    expect(withOptions(text), 'npm run readme').toBe(text);
  });
});

// Written by the first version: its presets, as recipes and unfinished runs carry them.
const first = JSON.parse(
  readFileSync(
    fileURLToPath(new URL('../fixtures/settings/version-1.json', import.meta.url)),
    'utf8',
  ),
) as Record<string, Record<string, unknown>>;

describe('settings of other versions', () => {
  it.each(Object.entries(first))('of version 1 mean what they meant: %s', (_name, old) => {
    const { keepColours, ...rest } = old;
    for (const version of [undefined, 1]) {
      const now = withDefaults(version, old);
      expect(now).toMatchObject({ ...rest, colours: keepColours ? 'luminance' : 'style' });
      expect(withDefaults(version, { ...old, keepColours: true })?.colours).toBe('luminance');
      expect(parse(settingsSchema, now)).toEqual(now);
    }
  });

  it('had another way for all that came since, or the row says what there was before', () => {
    const known = changesOf(1, first['default']);
    for (const field of FIELDS.filter((field) => !(field in known)))
      expect([field, rowOf(field).before]).not.toEqual([field, undefined]);
  });

  it('lose what nobody knows, and get what they lack', () => {
    const rest = { ...first['gatys'] };
    delete rest['gram'];
    expect(withDefaults(1, { ...rest, sparkle: 7 })).toEqual({
      ...withDefaults(1, first['gatys']),
      gram: PRESETS.default.gram,
    });
  });

  it.each<[string, unknown, unknown]>([
    ['of a version to come', SETTINGS_VERSION + 1, first['default']],
    ['of a version that is none', 0.5, first['default']],
    ['out of range', 1, { ...first['default'], steps: 0 }],
    ['that are none', 1, null],
    ['that are a list', 1, []],
  ])('are refused %s', (_what, version, data) => {
    expect(withDefaults(version as number, data)).toBeNull();
  });

  it('that are changes only stay so, and lose what is unreadable', () => {
    expect(changesOf(1, { steps: 30, gram: 'w', sparkle: 7 })).toEqual({ steps: 30 });
    expect(changesOf(SETTINGS_VERSION + 1, { steps: 30 })).toEqual({});
  });
});

describe('what was saved by the first version', () => {
  const settings = first['gatys'] as unknown as StyleSettings;

  it('is read from a store in the terms of today, and says so when it is stored again', () => {
    const found = fromStore({ id: 'a', settings })!;
    expect(found).toEqual({ id: 'a', settings: withDefaults(1, settings) });
    expect(toStore(found)).toEqual({ ...found, settingsVersion: SETTINGS_VERSION });
    expect(fromStore({ id: 'a', settings, settingsVersion: SETTINGS_VERSION + 1 })).toBeNull();
  });
});

describe('the address', () => {
  it('takes every setting by its flag, and passes over what cannot be', () => {
    const { settings, backend } = readWishes(
      '?backend=wasm&size=128&steps=0&style-weight=3&optimizer=lbfgs&no=1&clamp=off',
    );
    expect(backend).toBe('wasm');
    expect(settings).toEqual({
      size: 128,
      styleWeight: 3,
      optimizer: 'lbfgs',
      learningRate: 1,
      clamp: false,
    });
  });
});

describe('a ladder', () => {
  const LADDER = [
    ({ colour, ...rest }: Record<string, unknown>) => ({ ...rest, hue: colour }),
    ({ hue, ...rest }: Record<string, unknown>) => ({ ...rest, hue: [hue] }),
  ];

  it('is climbed from where the data stands', () => {
    expect(climb(LADDER, undefined, { colour: 1, kept: 2 })).toEqual({ hue: [1], kept: 2 });
    expect(climb(LADDER, 2, { hue: 1 })).toEqual({ hue: [1] });
    expect(climb(LADDER, 3, { hue: [1] })).toEqual({ hue: [1] });
    expect(climb(LADDER, 4, { hue: [1] })).toBeNull();
  });
});
