/** The options of `stylize`: its own, and one for each setting of the table. Its help and the README's table are made of them. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { FORMAT_LABELS, PICTURE_LIMITS } from '../shared/pictures/formats.ts';
import {
  FIELDS,
  fieldsOf,
  flagOf,
  GROUPS,
  LIMITS,
  makeSettings,
  PRESET_NAMES,
  PRESETS,
  readSetting,
  rowOf,
  withCompanions,
  type Field,
  type PresetName,
  type StyleSettings,
} from '../shared/settings.ts';
import { fields } from '../web/texts/en/fields.ts';
import { MODELS_DIR, UsageError } from './cli.ts';
import { WRITTEN } from './output.ts';

/** Options that are no settings. */
const OWN = {
  content: {
    type: 'string',
    syntax: 'FILE|DIR',
    what: 'The photo; of a folder, every picture, and what is there already is left out.',
  },
  style: {
    type: 'string',
    multiple: true,
    syntax: 'FILE',
    what: `A style picture; up to ${LIMITS.styles.max}, each with an option of its own.`,
  },
  blend: {
    type: 'string',
    syntax: 'A,B,...',
    what: 'Weights of the styles. By default equal.',
  },
  mask: {
    type: 'string',
    syntax: 'FILE',
    what: 'Which style goes where: a picture of the shape of the photo in flat colours or greys, from dark to light one a style in the order of --style. With one colour more than styles the darkest is left alone, and so is what is transparent: there the photo stays as it is. By default all styles go everywhere.',
  },
  model: {
    type: 'string',
    default: 'lite-vgg',
    syntax: 'NAME[,NAME]',
    what: "A network of the models' folder, or FILE.onnx: any network from RGB pictures of the operators in docs/OPERATORS.md (opset 6 to 23, [1,3,H,W] or [1,H,W,3], weights inside or beside it); its layers are suggested where none are named, and --preprocess says what it expects to see. Of two, each paints a pastiche: OUT.png has them side by side, OUT.NAME.png each by itself.",
  },
  'models-dir': {
    type: 'string',
    default: MODELS_DIR,
    shown: 'public/models',
    syntax: 'DIR',
    what: 'Where models are.',
  },
  preset: {
    type: 'string',
    default: 'default',
    syntax: PRESET_NAMES.join('|'),
    what: 'Where the settings below begin.',
  },
  backend: {
    type: 'string',
    default: 'wasm',
    syntax: 'wasm|webgpu',
    what: 'webgpu needs `npm install --no-save webgpu` and a Vulkan driver.',
  },
  threads: { type: 'string', syntax: 'N', what: 'Of wasm. By default as many as there are cores.' },
  memory: {
    type: 'string',
    syntax: 'MIB',
    what: 'Most MiB on the device, or in the wasm heap; a picture that needs more is painted by tiles. By default what the backend can be trusted with.',
  },
  plain: {
    type: 'boolean',
    syntax: '',
    what: 'Runs graphs as they are written, without the passes that make them fast: to compare with.',
  },
  out: {
    type: 'string',
    syntax: 'FILE|DIR',
    what: `The pastiche, in the format that the name asks for: ${WRITTEN}. Of a folder, PNG.`,
  },
  report: {
    type: 'string',
    syntax: 'FILE.json',
    what: 'Losses of every step, times, memory, versions.',
  },
  progress: { type: 'boolean', syntax: '', what: 'How it stands, a line at a time.' },
  help: { type: 'boolean', syntax: '', what: 'This list.' },
} as const satisfies Record<string, OwnOption>;

interface OwnOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly default?: string;
  /** In place of a default that is not the same everywhere. */
  readonly shown?: string;
  readonly syntax: string;
  readonly what: string;
}

const isSwitch = (field: Field) => rowOf(field).control.kind === 'switch';

const SETTINGS: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
  FIELDS.map((field) => [flagOf(field), { type: isSwitch(field) ? 'boolean' : 'string' }]),
);

type Own = ReturnType<typeof parseArgs<{ readonly options: typeof OWN }>>['values'];
export type Options = Own & { readonly settings: StyleSettings };

/** What the command was given; throws UsageError for a value that cannot be. */
export function parseOptions(args = process.argv.slice(2)): Options {
  const options = { ...SETTINGS, ...OWN };
  const { values } = parseArgs({ args, options, allowNegative: true });
  const own = values;
  return { ...own, settings: settingsBy(own.preset, values) };
}

/** A preset with settings changed; values by the options' names. Throws UsageError for what there is not. */
export function settingsBy(name: string, values: Readonly<Record<string, unknown>>): StyleSettings {
  if (!PRESET_NAMES.includes(name as PresetName)) {
    throw new UsageError(`unknown preset ${name}; there are: ${PRESET_NAMES.join(', ')}`);
  }
  const preset = name as PresetName;
  const given = FIELDS.filter((field) => values[flagOf(field)] !== undefined);
  const changes = Object.fromEntries(
    given.map((field) => [field, valueOf(field, values[flagOf(field)] as string | boolean)]),
  ) as Partial<StyleSettings>;
  // What the preset says anyway brings nothing along.
  const news = given.filter((field) => changes[field] !== PRESETS[preset][field]);
  const companions = withCompanions(pick(changes, news));
  return makeSettings(preset, { ...companions, ...changes });
}

const pick = (changes: Partial<StyleSettings>, fields: readonly Field[]) =>
  Object.fromEntries(fields.map((field) => [field, changes[field]])) as Partial<StyleSettings>;

function valueOf(field: Field, text: string | boolean): unknown {
  if (typeof text === 'boolean') return text;
  const value = readSetting(field, text);
  if (value !== undefined) return value;
  throw new UsageError(`--${flagOf(field)} ${text}: expected ${rowOf(field).expects}`);
}

export function numberOf(option: keyof typeof OWN, value: string): number {
  const number = value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number)) throw new UsageError(`--${option} ${value}: not a number`);
  return number;
}

interface Described {
  /** `--size N`. */
  readonly option: string;
  readonly what: string;
  /** Empty: none, or said in words. */
  readonly usual: string;
}

const ownOptions = (): Described[] =>
  Object.entries<OwnOption>(OWN).map(([name, { syntax, what, default: usual, shown }]) => ({
    option: `--${name} ${syntax}`.trim(),
    what,
    usual: shown ?? usual ?? '',
  }));

function describe(field: Field): Described {
  const { label, hint } = fields[field];
  const row = rowOf(field);
  const usual = PRESETS.default[field];
  const off = row.control.kind === 'switch' && usual === true;
  return {
    option: `--${off ? '[no-]' : ''}${flagOf(field)} ${row.syntax}`.trim(),
    what: `${label}. ${hint}`,
    usual: row.write(usual) || "the network's own",
  };
}

const settingOptions = () => GROUPS.flatMap(fieldsOf).map(describe);

const WIDTH = 100;
const INDENT = 26;

function wrap(text: string): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH - INDENT) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
    return lines;
  }, []);
}

function line({ option, what, usual }: Described): string {
  const name = `  ${option}`;
  const lines = wrap(usual ? `${what} [${usual}]` : what);
  const apart = name.length >= INDENT - 1 ? ['', ...lines] : lines;
  return apart
    .map((text, i) => (i === 0 ? name : '').padEnd(INDENT) + text)
    .map((text) => text.trimEnd())
    .join('\n');
}

export const help = (): string =>
  `npm run -s stylize -- --content FILE|DIR --style FILE [--style FILE ...] --out FILE.png|DIR

${ownOptions().map(line).join('\n')}

Settings, with the default preset's values in brackets:

${settingOptions().map(line).join('\n')}

Pictures are read as ${FORMAT_LABELS.slice(0, -1).join(', ')} or ${FORMAT_LABELS.at(-1)}, up to ${Math.round(PICTURE_LIMITS.pixels / 1e6)} megapixels.
Ctrl-C keeps the best picture so far. The exit code is 0 for a finished picture, 130 for one that was stopped by
Ctrl-C, 2 for bad input, 1 for anything else.
`;

const cell = (text: string) => text.replaceAll('|', '\\|');

/** The same as a table in Markdown. */
export function optionsTable(): string {
  const rows = [...ownOptions(), ...settingOptions()].map(
    ({ option, what, usual }) =>
      `| \`${cell(option)}\` | ${cell(what)} | ${usual && `\`${cell(usual)}\``} |`,
  );
  return ['| option | what | default |', '| --- | --- | --- |', ...rows].join('\n');
}
