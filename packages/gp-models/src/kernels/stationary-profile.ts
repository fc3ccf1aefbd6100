/** Correlation of a stationary kernel as a function of t = r², the squared scaled distance, for t ≥ 0. */
export interface StationaryProfile {
  /**
   * Name under which backends may compute it, see `StationaryKernel.family` in core. Without it the kernel's own code computes
   * everything. The names `matern52` and `rbf` stand for those two functions and no others.
   */
  readonly family?: string;
  /** f(t), with f(0) = 1 and k(a, b) = s·f(r²). */
  value(t: number): number;
  /** df/dt, at most 0. It is never asked for t = 0, where it may be infinite. */
  derivative(t: number): number;
}
