/** Line search for the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6). */

/** Loss and slope g·d at x + t·d. */
export interface Trial {
  readonly t: number;
  readonly loss: number;
  readonly slope: number;
}

/** Sufficient decrease and curvature constants, and the most evaluations of one search (as in torch.optim.LBFGS). */
const C1 = 1e-4;
const C2 = 0.9;
const MAX_EVALUATIONS = 25;

/** Minimiser of the cubic through two trials, kept inside [low, high] (equation 3.59). */
export function cubicMinimum(a: Trial, b: Trial, low: number, high: number): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const d1 = left.slope + right.slope - (3 * (left.loss - right.loss)) / (left.t - right.t);
  const square = d1 * d1 - left.slope * right.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const d2 = Math.sqrt(square);
  const t =
    right.t - ((right.t - left.t) * (right.slope + d2 - d1)) / (right.slope - left.slope + 2 * d2);
  return Math.min(Math.max(t, low), high);
}

/**
 * A step length that satisfies the conditions, or the best one found.
 *
 * @param start the point itself: t = 0
 * @param evaluate runs one trial
 */
export async function strongWolfe(
  start: Trial,
  firstStep: number,
  evaluate: (t: number) => Promise<Trial>,
): Promise<number> {
  const tooHigh = ({ t, loss }: Trial) => !(loss <= start.loss + C1 * t * start.slope);
  const flat = ({ slope }: Trial) => Math.abs(slope) <= -C2 * start.slope;
  let previous = start;
  let t = firstStep;
  let evaluations = 0;
  while (evaluations < MAX_EVALUATIONS) {
    const trial = await evaluate(t);
    evaluations++;
    if (tooHigh(trial) || (evaluations > 1 && trial.loss >= previous.loss)) {
      return zoom(previous, trial);
    }
    if (flat(trial)) return t;
    if (trial.slope >= 0) return zoom(trial, previous);
    const next = cubicMinimum(previous, trial, t + 0.01 * (t - previous.t), 10 * t);
    previous = trial;
    t = next;
  }
  return t;

  /** `low` has the lowest loss so far among points of sufficient decrease; a good step lies between the two. */
  async function zoom(low: Trial, high: Trial): Promise<number> {
    while (evaluations < MAX_EVALUATIONS) {
      const [from, to] = [Math.min(low.t, high.t), Math.max(low.t, high.t)];
      const width = to - from;
      if (width * -start.slope < 1e-9) break;
      // Away from the ends, or the interval would hardly shrink.
      const trial = await evaluate(finiteCubic(low, high, from + 0.1 * width, to - 0.1 * width));
      evaluations++;
      if (tooHigh(trial) || trial.loss >= low.loss) {
        high = trial;
      } else {
        if (flat(trial)) return trial.t;
        if (trial.slope * (high.t - low.t) >= 0) high = low;
        low = trial;
      }
    }
    return low.t;
  }
}

/** The cubic's minimum, or the middle where a loss is not finite. */
function finiteCubic(a: Trial, b: Trial, low: number, high: number): number {
  const t = cubicMinimum(a, b, low, high);
  return Number.isFinite(t) ? t : (low + high) / 2;
}
