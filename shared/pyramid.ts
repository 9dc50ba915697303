/** The sizes that a run goes through, coarse to fine. */
import { LIMITS, type StyleSettings } from './settings.ts';

export interface Level {
  /** Long side in pixels. */
  readonly size: number;
  /** Steps to take at this size. */
  readonly steps: number;
}

/** Smallest of the sizes that are chosen automatically (crowsonkb/style-transfer-pytorch). */
const AUTO_SMALLEST = 128;
/** The same where a sketch has laid out colours and broad strokes: what small sizes are for. */
const AUTO_SMALLEST_SKETCHED = 256;

/**
 * Coarse to fine by √2 (crowsonkb/style-transfer-pytorch): steps are shared out evenly but for the coarsest, which has
 * `coarseShare` times as many and the rest. Sizes too small to see anything, and sizes without a step, are left out.
 */
export function pyramid(
  settings: Pick<StyleSettings, 'size' | 'steps' | 'scales' | 'coarseShare' | 'init'>,
): Level[] {
  const { size, steps, coarseShare } = settings;
  const smallest = settings.init === 'sketch' ? AUTO_SMALLEST_SKETCHED : AUTO_SMALLEST;
  const octaves = Math.log2(Math.max(1, size / smallest));
  // A hair more, so that a size that is the smallest to the digit counts.
  const auto = 1 + Math.floor(2 * octaves + 1e-9);
  const scales = settings.scales === 'auto' ? auto : settings.scales;
  const sizes = Array.from({ length: scales }, (_, i) =>
    Math.round(size / 2 ** ((scales - 1 - i) / 2)),
  );
  const usable = sizes.filter((one, i) => i === scales - 1 || one >= LIMITS.size.min);
  const count = Math.min(usable.length, steps);
  const each = Math.max(1, Math.floor(steps / (count - 1 + coarseShare)));
  return usable.slice(-count).map((one, i) => ({
    size: one,
    steps: i === 0 ? steps - each * (count - 1) : each,
  }));
}
