import type { Predictions } from './predictions.ts';

/** Mean over rows and classes of (probability − truth)², truth being 1 at the true class and 0 elsewhere; 0–1. */
export function meanSquaredError({ probabilities, labels, classes }: Predictions): number {
  let sum = 0;
  probabilities.forEach((p, at) => {
    const truth = labels[Math.floor(at / classes)] === at % classes ? 1 : 0;
    sum += (p - truth) ** 2;
  });
  return sum / probabilities.length;
}
