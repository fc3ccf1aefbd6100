import { mostLikely } from './most-likely.ts';
import type { Predictions } from './predictions.ts';

/**
 * Mean over the classes of 2·hits / (predicted + true), the harmonic mean of precision and recall, 0–1.
 *
 * A class that is neither said nor true anywhere counts as 0.
 */
export function macroF1(predictions: Predictions): number {
  const { labels, classes } = predictions;
  const hits = new Float64Array(classes);
  const either = new Float64Array(classes);
  mostLikely(predictions).forEach((said, i) => {
    const truth = labels[i]!;
    either[said]!++;
    either[truth]!++;
    if (said === truth) hits[said]!++;
  });
  let sum = 0;
  for (let c = 0; c < classes; c++) if (either[c]! > 0) sum += (2 * hits[c]!) / either[c]!;
  return sum / classes;
}
