/** Whose colours the pastiche has, and how it comes by them: one entry a choice. */
import type { StyleSettings } from '../../../shared/settings.ts';
import { greyed, matchedTo, recoloured } from './colour.ts';
import { blendPalettes, paletteOf, withPalette } from './palette.ts';
import type { Planes } from './pixels.ts';

export interface WeightedPicture {
  readonly planes: Planes;
  readonly weight: number;
}

export interface ColourPlan {
  /** The photo as the network sees it. */
  readonly seen: Planes;
  /** The styles as the network sees them. */
  readonly styles: readonly WeightedPicture[];
  /** RGB planes of 0..1 as people see them. `content`: the photo in the pastiche's size. */
  readonly shown: (rgb: Float32Array, content: Planes) => Float32Array;
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
    const palette = blendPalettes(
      styles.map(({ planes, weight }) => [
        paletteOf(planes.data, planes.width * planes.height),
        weight / total,
      ]),
    );
    const shown = (data: Float32Array, { width, height }: Planes) =>
      withPalette({ width, height, channels: 3, data }, palette).data;
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
