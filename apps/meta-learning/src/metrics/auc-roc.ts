/**
 * Area under the receiver operating characteristic as a rank sum (Hanley and McNeil 1982, "The Meaning and Use of the
 * Area under a Receiver Operating Characteristic (ROC) Curve"): the probability that a random member of the class gets a
 * higher probability for it than a random other row, ties counting half.
 */
import { InvalidArgumentError } from '@foothold/core';
import type { Predictions } from './predictions.ts';

/**
 * Mean over the classes of the area for "this class or another", 0–1; guessing has 0.5.
 *
 * Classes that no row, or every row, belongs to have no area and are left out. Throws InvalidArgumentError when that
 * leaves none.
 */
export function aucRoc({ probabilities, labels, classes }: Predictions): number {
  let sum = 0;
  let defined = 0;
  for (let c = 0; c < classes; c++) {
    const scores = Float64Array.from(labels, (_, i) => probabilities[i * classes + c]!);
    const area = areaOf(scores, (i) => labels[i] === c);
    if (Number.isNaN(area)) continue;
    sum += area;
    defined++;
  }
  if (defined === 0) throw new InvalidArgumentError('labels', [...new Set(labels)], 'at least two classes');
  return sum / defined;
}

/** (Σ ranks of the members − p(p + 1)/2) / (p·q) for p members and q others; NaN when p or q is 0. */
function areaOf(scores: Float64Array, isMember: (row: number) => boolean): number {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let members = 0;
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    const rank = (from + to + 1) / 2;
    for (const row of order.subarray(from, to))
      if (isMember(row)) {
        members++;
        ranks += rank;
      }
    from = to;
  }
  return (ranks - (members * (members + 1)) / 2) / (members * (order.length - members));
}
