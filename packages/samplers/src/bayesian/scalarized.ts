import {
  largestOf,
  matrixOf,
  type Objective,
  type Params,
  type Rng,
  type SampleRequest,
  smallestOf,
  type Trial,
} from '@foothold/core';
import { objectiveOf, objectiveOutlierBound } from './objective-values.ts';

/**
 * Several objectives as one value: a random augmented Chebyshev norm at each ask (Knowles 2006, "ParEGO").
 *
 * Each complete trial has the smallest weighted gain over its objectives as its value; gains run from 0 to 1 over the
 * values that are no outliers. A trial with an outlier on the bad side, or without an objective, has NaN: it counts as failed.
 */
export function scalarized<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  objectives: readonly Objective[],
  rng: Rng,
): Trial<P>[] {
  const raw = objectives.map(() => -Math.log(1 - rng.next()));
  const total = raw.reduce((a, b) => a + b) || 1;
  const points = matrixOf(
    trials.map(({ params }) => space.encode(params)),
    space.columns.length,
  );
  const gains = objectives.map((objective) => {
    const values = trials.map((trial) => objectiveOf(trial, objective));
    const bound = objectiveOutlierBound(Float64Array.from(values), points) ?? -Infinity;
    const known = values.filter((v) => v >= bound);
    const low = smallestOf(known);
    const high = largestOf(known);
    return values.map((v) => {
      if (!(v >= bound)) return Number.NaN;
      // In halves: the distance between the ends of the number range overflows.
      return high > low ? (v / 2 - low / 2) / (high / 2 - low / 2) : 1;
    });
  });
  return trials.map((trial, i) => {
    // What was reported is no weighted sum: a pruned trial has none.
    if (trial.state !== 'complete') return trial.state === 'pruned' ? { ...trial, reports: [] } : trial;
    // The gap to the ideal point, weighted: its largest part, and a little of their sum.
    const gaps = gains.map((gain, j) => (raw[j]! / total) * (1 - gain[i]!));
    const { standardError: _, ...rest } = trial;
    return { ...rest, value: -largestOf(gaps) - 0.05 * gaps.reduce((a, b) => a + b) };
  });
}
