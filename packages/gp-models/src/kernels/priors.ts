/**
 * Log-densities of priors on unconstrained (log-scale) hyperparameters, up to constants.
 */

/** A normal prior N(location, standardDeviation²) on the logarithm of a hyperparameter. */
export interface LogNormal {
  readonly location: number;
  readonly standardDeviation: number;
}

/** log N(u; location, standardDeviation²) without its constant, and its derivative. */
export function logNormalPrior(u: number, { location, standardDeviation }: LogNormal) {
  const z = (u - location) / standardDeviation;
  return { value: -0.5 * z * z, derivative: -z / standardDeviation };
}

/**
 * Prior on a lengthscale of d columns that grows with √d, so that distances in many columns do not make all points
 * uncorrelated (Hvarfner, Hellsten, Nardi 2024, "Vanilla Bayesian Optimization Performs Great in High Dimensions", §5).
 *
 * Their density LN(√2 + ½ ln d, √3) over ℓ has its mode at ln ℓ = √2 − 3 + ½ ln d; a fit that optimizes ln ℓ needs a
 * prior with about that mode, since the mean of their prior lets columns that have shown nothing yet count for nothing.
 */
export function lengthscalePrior(d: number): LogNormal {
  return { location: -1.3 + 0.5 * Math.log(Math.max(d, 1)), standardDeviation: 1.5 };
}

/** Prior on the output scale of standardized values. */
export const outputScalePrior: LogNormal = { location: 0, standardDeviation: 1 };

/** Prior on the noise variance of standardized values: wide, since most objectives are computed almost exactly. */
export const noisePrior: LogNormal = { location: -8, standardDeviation: 2.5 };
