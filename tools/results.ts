/** What stylize painted, on its way into files. */
import { join, parse as parsePath } from 'node:path';
import { writeMask, type Mask } from '../shared/mask.ts';
import type { StyleSettings } from '../shared/settings.ts';
import type { Recipe } from '../shared/recipe.ts';
import type { StylizeResult } from '../web/engine/pipeline/stylize.ts';
import { versions } from './host.ts';
import { checkPictureWritable, checkWritable, writeWhole, type OutputFormat } from './output.ts';
import { beside } from '../shared/pictures/beside.ts';
import { encodePicture } from './pictures.ts';

/** A model and what it painted. */
export interface Pastiche {
  readonly model: string;
  readonly result: StylizeResult;
}

/** Files that a run writes. */
export interface Outputs {
  readonly out: string;
  readonly format: OutputFormat;
  /** Of several models, a file for each, in their order. */
  readonly each: readonly string[];
}

/** The command's inputs as a recipe names them. */
export interface Making {
  readonly content: string;
  readonly style: readonly string[];
  readonly weights: readonly number[];
  readonly settings: StyleSettings;
  readonly mask: Mask | null;
}

/** Where the pictures will go. Throws UsageError, before any work, if one of them could not be written. */
export async function planOutputs(out: string, models: readonly string[]): Promise<Outputs> {
  const format = await checkPictureWritable(out);
  const { dir, name, ext } = parsePath(out);
  // A device or a pipe has no neighbours.
  const several = models.length > 1 && ext !== '';
  const each = several ? namesOf(models).map((one) => join(dir, `${name}.${one}${ext}`)) : [];
  for (const path of each) await checkWritable(path);
  return { out, format, each };
}

/** Short names of models; those of files in several folders are told apart by a number. */
function namesOf(models: readonly string[]): string[] {
  const names: string[] = [];
  for (const model of models) {
    const name = titleOf(model);
    let free = name;
    for (let n = 2; names.includes(free); n++) free = `${name}-${n}`;
    names.push(free);
  }
  return names;
}

/** A picture's or network's name, without its folder and, where it is a file, without its ending. */
const titleOf = (path: string): string => parsePath(path).base.replace(/\.[a-z]{2,5}$/i, '');

export async function writePastiches(
  { out, format, each }: Outputs,
  pastiches: readonly Pastiche[],
  making: Making,
): Promise<void> {
  const whole = beside(pastiches.map(({ result }) => result.image));
  await writeWhole(out, await encodePicture(whole, format, recipeOf(pastiches, making)));
  if (pastiches.length === 1) return;
  for (const [i, path] of each.entries()) {
    const pastiche = pastiches[i];
    if (!pastiche) continue;
    const { image } = pastiche.result;
    await writeWhole(path, await encodePicture(image, format, recipeOf([pastiche], making)));
  }
}

function recipeOf(
  pastiches: readonly Pastiche[],
  { content, style, weights, settings, mask }: Making,
): Recipe {
  const results = pastiches.map(({ result }) => result);
  const ms = results.reduce(
    (sum, { setupMs, msPerStep, losses }) => sum + setupMs + msPerStep * losses.length,
    0,
  );
  return {
    version: versions()['restyle']!,
    photo: { title: titleOf(content), sample: null },
    styles: style.map((path, i) => ({ title: titleOf(path), sample: null, weight: weights[i]! })),
    ...(mask && { mask: writeMask(mask) }),
    networks: pastiches.map(({ model }) => titleOf(model)),
    upscaler: null,
    settings,
    steps: Math.max(...results.map(({ losses }) => losses.length)),
    seconds: Math.round(ms / 100) / 10,
    strength: 1,
  };
}
