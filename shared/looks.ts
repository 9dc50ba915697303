/** Looks: what most people choose instead of settings. How long to work, from how coarse a start, how far from the photo. */
import type { StyleSettings } from './settings.ts';

export const LOOKS = {
  quick: { steps: 40, scales: 'auto', styleWeight: 1 },
  balanced: { steps: 120, scales: 'auto', styleWeight: 1 },
  best: { steps: 300, scales: 'auto', styleWeight: 1 },
  soft: { steps: 120, scales: 'auto', styleWeight: 0.1 },
  strong: { steps: 120, scales: 'auto', styleWeight: 3 },
} as const satisfies Record<string, Pick<StyleSettings, 'steps' | 'scales' | 'styleWeight'>>;

export type Look = keyof typeof LOOKS;
export const LOOK_NAMES = Object.keys(LOOKS) as readonly Look[];
