/** Standard deviation that never reaches 0, so that a point already known exactly has a finite utility. */
export function standardDeviationOf(variance: number): number {
  return Math.sqrt(Math.max(variance, 1e-300));
}
