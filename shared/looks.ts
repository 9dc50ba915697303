/** Looks: what most people choose instead of settings. How long to work, from how coarse a start, how far from the photo. */
import type { StyleSettings } from './settings.ts';

export const LOOKS = {
  quick: { steps: 60, scales: 2, styleWeight: 15 },
  balanced: { steps: 200, scales: 2, styleWeight: 15 },
  best: { steps: 500, scales: 3, styleWeight: 15 },
  soft: { steps: 200, scales: 2, styleWeight: 0.5 },
  strong: { steps: 200, scales: 3, styleWeight: 150 },
} as const satisfies Record<string, Pick<StyleSettings, 'steps' | 'scales' | 'styleWeight'>>;

export type Look = keyof typeof LOOKS;
export const LOOK_NAMES = Object.keys(LOOKS) as readonly Look[];
