/** What becomes of a picture that this program made, when it comes back. */
import { batch } from '@preact/signals-core';
import { readMask } from '../../../shared/mask.ts';
import { notify } from '../notice/notice.ts';
import { setMixture } from '../pictures/mixture.ts';
import { pictures } from '../pictures/picked.ts';
import { adopt } from '../regions/regions.ts';
import { chooseAll } from '../choices/choices.ts';
import type { Recipe } from '../../../shared/recipe.ts';

/** The least that a weight can be in the strip. */
const LEAST = 0.01;

/** Offers the settings inside; otherwise it is a photo like any other. */
export function offer(recipe: Recipe, useAsPhoto: () => void): void {
  notify({ kind: 'recognised', useSettings: () => follow(recipe), useAsPhoto });
}

/** The photo on the easel stays: the point is to paint another one just so. */
function follow({ settings, networks, upscaler, styles, mask }: Recipe): void {
  const here = new Set(pictures.style.value.map(({ id }) => id));
  const missing = styles.filter(({ sample }) => sample === null || !here.has(sample));
  const most = Math.max(...styles.map(({ weight }) => weight));
  batch(() => {
    chooseAll(settings, networks, upscaler);
    if (missing.length > 0) return;
    const parts = styles.map(({ sample, weight }) => ({
      id: sample!,
      weight: Math.max(LEAST, weight / most),
    }));
    setMixture(parts);
    // Of a photo of another shape the regions would lie elsewhere.
    if (mask !== undefined) adopt(readMask(mask));
  });
  notify({ kind: 'followed', missing: missing.map(({ title }) => title) });
}
