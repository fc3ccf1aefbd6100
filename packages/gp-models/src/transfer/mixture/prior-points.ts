/** Points that stand for a prior of one number: one for each of its equally probable parts. */

/** The medians of `count` equally probable parts of Jeffreys' prior of a proportion, Beta(½, ½): sin² is its quantile function. */
export function jeffreysPoints(count: number): number[] {
  return Array.from({ length: count }, (_, k) => Math.sin(((k + 0.5) * Math.PI) / (2 * count)) ** 2);
}

/** Mean of the upper third of the standard normal, 3φ(z) with Φ(z) = ⅔. */
const upperThird = 1.0907992;

/** Where the logarithm is normal with standard deviation 1: e to the means of its thirds, times the median. */
export function logNormalThirds(median: number): number[] {
  return [-upperThird, 0, upperThird].map((u) => median * Math.exp(u));
}
