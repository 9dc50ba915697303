/** The recipe of a picture that comes back. */
import { isPng } from '../../../shared/pictures/png.ts';
import { parseRecipe, type Recipe } from '../../../shared/recipe.ts';

/** Where the text stands in our PNG files. */
const HEAD = 2 ** 17;
/** In the other formats it may stand at the end; larger files than we write are not ours. */
const MOST = 2 ** 26;

/** The recipe in a file of any kind; null for all that this program did not make. */
export async function readRecipe(file: Blob): Promise<Recipe | null> {
  try {
    const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
    const whole = isPng(head) || file.size <= HEAD || file.size > MOST;
    return parseRecipe(whole ? head : new Uint8Array(await file.arrayBuffer()));
  } catch {
    // A file that has gone since; whoever opens it next will say so.
    return null;
  }
}
