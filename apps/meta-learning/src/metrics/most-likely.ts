import type { Predictions } from './predictions.ts';

/** The class of the largest probability of each row, n; of equal ones the first. */
export function mostLikely({ probabilities, labels, classes }: Predictions): Uint8Array {
  return labels.map((_, i) => {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (probabilities[i * classes + c]! > probabilities[i * classes + best]!) best = c;
    return best;
  });
}
