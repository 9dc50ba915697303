/** How a picture was made, as it travels inside its file. */
import * as v from 'valibot';
import { maskSchema } from './mask.ts';
import { LIMITS, SETTINGS_VERSION, withDefaults, type StyleSettings } from './settings.ts';
import { internationalTextChunk, readInternationalText, textChunk } from './pictures/text.ts';

/** Of the text chunk. */
export const KEYWORD = 'restyle';

const name = v.pipe(v.string(), v.maxLength(500));
const models = v.pipe(v.array(name), v.minLength(1), v.maxLength(2));
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
/** Of a picture that comes with the page; null for the person's own. */
const sample = v.nullable(name);

const recipeSchema = v.object({
  /** Of the program. */
  version: name,
  photo: v.object({ title: name, sample }),
  styles: v.pipe(
    v.array(
      v.object({ title: name, sample, weight: v.pipe(v.number(), v.finite(), v.gtValue(0)) }),
    ),
    v.minLength(LIMITS.styles.min),
    v.maxLength(LIMITS.styles.max),
  ),
  /** Which style goes where, by `writeMask`; none: all of them everywhere. */
  mask: v.optional(maskSchema),
  /** Ids of the feature networks: one, or two whose pictures stand side by side. */
  networks: models,
  /** Id of the model that enlarged the picture. */
  upscaler: v.nullable(name),
  /** In the terms of `settingsVersion`; none is written beside those of the first. */
  settings: v.unknown(),
  settingsVersion: v.optional(v.number()),
  /** Taken, which is fewer than the settings say if the run was stopped. */
  steps: amount,
  seconds: amount,
  /** How much of the painting there is over the photo, 0..1. */
  strength: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});

type Written = v.InferOutput<typeof recipeSchema>;
export interface Recipe extends Omit<Written, 'settings' | 'settingsVersion'> {
  readonly settings: StyleSettings;
}

/** What goes into the file. */
export const recipeText = (recipe: Recipe): string =>
  JSON.stringify({ ...recipe, settingsVersion: SETTINGS_VERSION });

/**
 * The recipe in a picture, of whichever version; null if there is none that can be trusted to be one. Of a PNG its
 * beginning is enough; elsewhere the recipe may stand anywhere.
 */
export function parseRecipe(bytes: Uint8Array): Recipe | null {
  const text = readInternationalText(bytes, KEYWORD) ?? readXmp(bytes);
  if (text === null) return null;
  try {
    const { settings, settingsVersion, ...rest } = v.parse(recipeSchema, JSON.parse(text));
    const now = withDefaults(settingsVersion, settings);
    return now && { ...rest, settings: now };
  } catch {
    return null;
  }
}

/** What a PNG carries right behind its header. */
export const recipeChunks = (recipe: Recipe): Uint8Array<ArrayBuffer>[] => [
  textChunk('Software', `Restyle ${recipe.version}`),
  internationalTextChunk(KEYWORD, recipeText(recipe)),
];

const [OPENED, CLOSED] = ['<restyle:recipe>', '</restyle:recipe>'] as const;
const PLAIN: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** The text of a packet of `recipeXmp`, wherever in the file it is. */
function readXmp(bytes: Uint8Array): string | null {
  // Latin letters keep every byte, so that places in the text are places in the file.
  const text = new TextDecoder('latin1').decode(bytes);
  const from = text.indexOf(OPENED);
  const to = text.indexOf(CLOSED, from);
  if (from < 0 || to < 0) return null;
  const packed = bytes.subarray(from + OPENED.length, to);
  return new TextDecoder().decode(packed).replaceAll(/&(amp|lt|gt);/g, (entity) => PLAIN[entity]!);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The same as an XMP packet (ISO 16684-1), for formats that have a place for one. */
export function recipeXmp(recipe: Recipe): string {
  const text = recipeText(recipe).replaceAll(/[&<>]/g, (letter) => ENTITIES[letter]!);
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:restyle="urn:restyle:1"><xmp:CreatorTool>Restyle ${recipe.version}</xmp:CreatorTool><restyle:recipe>${text}</restyle:recipe></rdf:Description></rdf:RDF></x:xmpmeta>`;
}
