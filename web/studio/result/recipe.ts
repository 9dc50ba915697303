/** The recipe of a picture that comes back. */
import { parseRecipe, type Recipe } from '../../../shared/recipe.ts';

/** Where the text stands in our files; what is further on is not ours. */
const HEAD = 2 ** 17;

/** The recipe in a file of any kind; null for all that this program did not make. */
export async function readRecipe(file: Blob): Promise<Recipe | null> {
  try {
    return parseRecipe(new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    // A file that has gone since; whoever opens it next will say so.
    return null;
  }
}
