/** The amounts of training at which a run may pause. */

/** Each step trains a configuration to about this multiple of what it has. */
const ratio = 2;
/** The first step is about this share of the largest amount. */
const firstShare = 1 / 8;

/**
 * The levels of a fidelity at which training may pause, the target last: those nearest to max/2ᵏ, down to an eighth.
 *
 * values   the resource at each level, increasing
 */
export function trainingSteps(values: readonly number[]): number[] {
  const last = values.length - 1;
  const max = values[last]!;
  const steps = new Set<number>([last]);
  for (let wanted = max / ratio; wanted >= max * firstShare * (1 - 1e-9); wanted /= ratio) {
    let nearest = 0;
    for (let level = 1; level < last; level++)
      if (Math.abs(values[level]! - wanted) < Math.abs(values[nearest]! - wanted)) nearest = level;
    steps.add(nearest);
  }
  return [...steps].sort((a, b) => a - b);
}
