/** Normal scores: standard normal quantiles of the ranks, which make values of any units alike. */
import { normalQuantile } from '@foothold/numerics';
import type { OutcomeTransform } from './outcome-transform.ts';

/** Φ⁻¹((rank − ½)/n), ties sharing their mean rank. */
export function normalScores(y: Float64Array): Float64Array {
  const n = y.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => y[a]! - y[b]!);
  const scores = new Float64Array(n);
  for (let from = 0; from < n; ) {
    let to = from;
    while (to + 1 < n && y[order[to + 1]!] === y[order[from]!]) to++;
    const score = normalQuantile((0.5 * (from + to) + 0.5) / n);
    for (let k = from; k <= to; k++) scores[order[k]!] = score;
    from = to + 1;
  }
  return scores;
}

/** A line through (y, u). */
interface Line {
  readonly y: number;
  readonly u: number;
  /** dy/du. */
  readonly slope: number;
}

/** The transform to the normal scores of these values: linear between them and, at the slope from the median to the end, beyond. */
export function normalScoreTransform(values: Float64Array): OutcomeTransform {
  const { ys, us } = knotsOf(values);
  const last = ys.length - 1;
  const middle = last >> 1;
  const slope = (from: number, to: number) => (from < to ? (ys[to]! - ys[from]!) / (us[to]! - us[from]!) : 1);
  const below = last > 0 ? slope(0, Math.max(middle, 1)) : 1;
  const above = last > 0 ? slope(Math.min(middle, last - 1), last) : 1;
  const lineAt = (segment: number): Line => {
    if (last < 0) return { y: 0, u: 0, slope: 1 };
    if (segment < 0) return { y: ys[0]!, u: us[0]!, slope: below };
    if (segment >= last) return { y: ys[last]!, u: us[last]!, slope: above };
    return { y: ys[segment]!, u: us[segment]!, slope: slope(segment, segment + 1) };
  };
  return {
    name: 'normal scores',
    forward(y) {
      const line = lineAt(segmentOf(ys, y));
      return line.u + (y - line.y) / line.slope;
    },
    inverse(u) {
      const line = lineAt(segmentOf(us, u));
      return { y: line.y + (u - line.u) * line.slope, slope: line.slope };
    },
  };
}

/** The different values in ascending order, with their scores. */
function knotsOf(values: Float64Array): { readonly ys: number[]; readonly us: number[] } {
  const scores = normalScores(values);
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const knots = order.filter((i, k) => k === 0 || values[i]! > values[order[k - 1]!]!);
  return { ys: knots.map((i) => values[i]!), us: knots.map((i) => scores[i]!) };
}

/** Index of the last of the ascending numbers that is not above `at`; −1 where all are above or there is none. */
function segmentOf(numbers: readonly number[], at: number): number {
  if (numbers.length === 0 || at < numbers[0]!) return -1;
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const half = (low + high + 1) >> 1;
    if (numbers[half]! <= at) low = half;
    else high = half - 1;
  }
  return low;
}
