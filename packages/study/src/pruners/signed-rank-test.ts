/**
 * Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945, "Individual Comparisons by Ranking Methods"; zeros split as in
 * scipy's `zero_method="zsplit"`).
 *
 * n     differences
 * R₊    sum of the ranks of |d| over positive d, ties at their mean rank, half of the ranks of zeros
 * p     P(R₊ ≥ observed) when each sign is as likely as the other
 */
import { normalCdf } from '@foothold/numerics';

/** Differences up to which the distribution is counted; beyond it is close to normal. */
const maxExact = 50;

/** One-sided p-value of the differences being larger than 0, in [0, 1]. Exact up to 50 differences, ties and zeros included. */
export function signedRankTest(differences: readonly number[]): number {
  const { doubled, ties } = ranksOf(differences);
  // Doubled ranks are whole numbers.
  let [positive, zero] = [0, 0];
  differences.forEach((d, i) => {
    if (d > 0) positive += doubled[i]!;
    else if (d === 0) zero += doubled[i]!;
  });
  const signed = doubled.filter((_, i) => differences[i] !== 0);
  if (differences.length <= maxExact) return shareFrom(signed, positive);
  const n = differences.length;
  const mean = (n * (n + 1)) / 4;
  const variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24;
  if (!(variance > 0)) return 1;
  return normalCdf((mean - positive / 2 - zero / 4) / Math.sqrt(variance));
}

/** Twice the ranks of the absolute differences, and Σ(t³ − t) over groups of t ties. */
function ranksOf(differences: readonly number[]): {
  readonly doubled: readonly number[];
  readonly ties: number;
} {
  const size = differences.map(Math.abs);
  const order = [...size.keys()].sort((a, b) => size[a]! - size[b]!);
  const doubled = new Array<number>(size.length);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && size[order[to]!] === size[order[from]!]) to++;
    for (let k = from; k < to; k++) doubled[order[k]!] = from + 1 + to;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { doubled, ties };
}

/** Share of all choices of signs for these ranks whose positive sum is at least `observed`. */
function shareFrom(ranks: readonly number[], observed: number): number {
  const total = ranks.reduce((a, b) => a + b, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    reach += rank;
    for (let sum = reach; sum >= 0; sum--)
      probability[sum] = (probability[sum]! + (sum >= rank ? probability[sum - rank]! : 0)) / 2;
  }
  let share = 0;
  for (let sum = total; sum >= observed; sum--) share += probability[sum]!;
  return Math.min(share, 1);
}
