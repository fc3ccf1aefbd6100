/**
 * Log expected hypervolume improvement of a point with independent normal beliefs, in closed form for any number of objectives
 * (Yang, Emmerich, Deutz, Bäck 2019, "Efficient Computation of Expected Hypervolume Improvement Using Box Decomposition
 * Algorithms"; Daulton, Balandat, Bakshy 2020, "Differentiable Expected Hypervolume Improvement for Parallel Multi-Objective Bayesian
 * Optimization", §3).
 *
 * value  log Σ_boxes Π_j E[min(Y_j, u_j) − l_j]₊, over disjoint boxes of the region that the front does not dominate
 */
import { type Boxes, logSumExp } from '@foothold/numerics';
import { hypervolumePlan, type ObjectivePlan } from './hypervolume-plan.ts';
import {
  type Edge,
  edgeAt,
  type IntervalImprovement,
  infiniteEdge,
  intervalImprovement,
} from './log-interval-improvement.ts';

/** The value with its derivatives in mean and standard deviation, m each. */
export interface HypervolumeImprovement {
  readonly value: number;
  readonly dMean: Float64Array;
  readonly dStandardDeviation: Float64Array;
}

/** A formula of the means and standard deviations of the objectives, m each; every standard deviation above 0. */
export function logHypervolumeImprovement(
  boxes: Boxes,
  m: number,
): (mean: Float64Array, standardDeviation: Float64Array) => HypervolumeImprovement {
  const plan = hypervolumePlan(boxes, m);
  const logs = new Float64Array(boxes.count);
  return (mean, standardDeviation) => {
    const parts = plan.map((objective, j) => pairsOf(objective, mean[j]!, standardDeviation[j]!));
    for (let k = 0; k < logs.length; k++) {
      let sum = 0;
      for (let j = 0; j < m; j++) sum += parts[j]![plan[j]!.pairOf[k]!]!.value;
      logs[k] = sum;
    }
    const total = logSumExp(logs);
    const dMean = new Float64Array(m);
    const dStandardDeviation = new Float64Array(m);
    for (let k = 0; k < logs.length; k++) {
      const share = Math.exp(logs[k]! - total);
      if (!(share > 0)) continue;
      for (let j = 0; j < m; j++) {
        const part = parts[j]![plan[j]!.pairOf[k]!]!;
        dMean[j]! += share * part.byMean;
        dStandardDeviation[j]! += share * part.byStandardStandardDeviation;
      }
    }
    let value = total;
    for (let j = 0; j < m; j++) {
      dMean[j]! /= standardDeviation[j]!;
      dStandardDeviation[j]! /= standardDeviation[j]!;
      value += Math.log(standardDeviation[j]!);
    }
    return { value, dMean, dStandardDeviation };
  };
}

/** The factor of each pair of edges. */
function pairsOf(
  { edges, lower, upper }: ObjectivePlan,
  mean: number,
  standardDeviation: number,
): readonly IntervalImprovement[] {
  const at: Edge[] = Array.from(edges, (edge) => edgeAt((mean - edge) / standardDeviation));
  return Array.from(lower, (low, k) =>
    intervalImprovement(at[low]!, upper[k]! < 0 ? infiniteEdge : at[upper[k]!]!),
  );
}
