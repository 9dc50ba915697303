/** What is said of a finished picture: inside its file, and in its file's name. */
import { writeMask } from '../../../shared/mask.ts';
import { LIMITS } from '../../../shared/settings.ts';
import { fileName } from '../kit/download.ts';
import type { Picture } from '../pictures/picture.ts';
import type { Wish } from '../run/wish.ts';
import type { Painting } from '../run/state.ts';
import { upscalers } from '../networks/networks.ts';
import { language } from '../../texts/index.ts';
import { VERSION } from './encode.ts';
import type { Recipe } from '../../../shared/recipe.ts';

/** Of one painting, or of two that stand side by side. `strength` 0..1: how much of it there is over the photo. */
export function recipeOf(wish: Wish, paintings: readonly Painting[], strength = 1): Recipe {
  const { photo, styles, upscaler, settings, mask } = wish;
  // More steps may have followed those of the settings.
  const steps = Math.max(...paintings.map((painting) => painting.steps));
  const enlarged = paintings.some(({ large }) => large !== null);
  return {
    version: VERSION,
    photo: nameOf(photo),
    styles: styles.map(({ picture, weight }) => ({ ...nameOf(picture), weight })),
    ...(mask && { mask: writeMask(mask) }),
    networks: paintings.map(({ network }) => network.id),
    upscaler: enlarged ? ((upscaler ?? upscalers.peek()[0])?.id ?? null) : null,
    settings: { ...settings, steps: Math.min(LIMITS.steps.max, Math.max(settings.steps, steps)) },
    steps,
    seconds: paintings.reduce((sum, { seconds }) => sum + Math.round(seconds * 10) / 10, 0),
    strength,
  };
}

const nameOf = ({ id, own, title }: Picture) => ({
  title: title[language.peek()],
  sample: own ? null : id,
});

/** `restyle_Lake_Night-swirls`, without an ending. */
export const baseName = ({ photo, styles }: Wish): string =>
  fileName(['restyle', photo.title.en, ...styles.map(({ picture }) => picture.title.en)]);
