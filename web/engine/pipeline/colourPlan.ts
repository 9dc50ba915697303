/** Whose colours the pastiche has, and how it comes by them: one entry a choice. */
import type { StyleSettings } from '../../../shared/settings.ts';
import { greyed, matchedTo, recoloured } from './colour.ts';
import { blendPalettes, paletteOf, withPalette } from './palette.ts';
import type { Planes } from './pixels.ts';
import { together, type Region } from './regions/regions.ts';

export interface WeightedPicture {
  readonly planes: Planes;
  readonly weight: number;
}

export interface ColourPlan {
  /** The photo as the network sees it. */
  readonly seen: Planes;
  /** The styles as the network sees them. */
  readonly styles: readonly WeightedPicture[];
  /**
   * RGB planes of 0..1 as people see them.
   *
   * @param content the photo in the pastiche's size
   * @param regions in that size, where there is not one style everywhere
   */
  readonly shown: (rgb: Float32Array, content: Planes, regions?: readonly Region[]) => Float32Array;
}

type Planner = (content: Planes, styles: readonly WeightedPicture[]) => ColourPlan;

const asPainted = (rgb: Float32Array): Float32Array => rgb;

const PLANNERS: Readonly<Record<StyleSettings['colours'], Planner>> = {
  style: (seen, styles) => ({ seen, styles, shown: asPainted }),
  luminance: (content, styles) => {
    const seen = greyed(content);
    const grey = ({ planes, weight }: WeightedPicture) => ({
      weight,
      planes: matchedTo(seen, greyed(planes)),
    });
    return { seen, styles: styles.map(grey), shown: recoloured };
  },
  photo: (seen, styles) => {
    const palette = paletteOf(seen.data, seen.width * seen.height);
    const recolour = ({ planes, weight }: WeightedPicture) => ({
      weight,
      planes: withPalette(planes, palette),
    });
    return { seen, styles: styles.map(recolour), shown: asPainted };
  },
  palette: (seen, styles) => {
    const total = styles.reduce((sum, { weight }) => sum + weight, 0);
    const each = styles.map(({ planes: { data, width, height } }) =>
      paletteOf(data, width * height),
    );
    const all = blendPalettes(each.map((palette, i) => [palette, styles[i]!.weight / total]));
    const shown: ColourPlan['shown'] = (data, { width, height }, regions) => {
      const picture = { width, height, channels: 3, data };
      if (!regions) return withPalette(picture, all).data;
      const parts = regions.map(
        ({ style, cover }) => withPalette(picture, each[style]!, cover.data).data,
      );
      return together(regions, parts, data);
    };
    return { seen, styles, shown };
  },
};

export function planColours(
  choice: StyleSettings['colours'],
  content: Planes,
  styles: readonly WeightedPicture[],
): ColourPlan {
  return PLANNERS[choice](content, styles);
}
