import type { OutcomeTransform } from './outcome-transform.ts';

/**
 * Warping of the outputs by one number, so that bad values do not hide the differences among good ones, or good values those
 * among bad ones. A shifted logarithm: between linear (warpParameter 0) and logarithmic in the distance from the best value
 * (warpParameter > 0, good values spread) or from the worst one (warpParameter < 0, bad values spread).
 *
 * y     values to be maximized, n
 * κ     |sinh(warpParameter)|
 * t     (top − y)/spread where warpParameter ≥ 0; (y − bottom)/spread where warpParameter < 0; spread is the interquartile range
 * g     −log(1 + κt)/κ where warpParameter ≥ 0; log(1 + κt)/κ where warpParameter < 0; of slope 1 on the far side of t = 0
 * z     (g − mean g)/standard deviation of g
 *
 * The evidence counts the Jacobian, so that warp parameters compare fairly (Snelson, Rasmussen, Ghahramani 2003, "Warped Gaussian
 * Processes", eq. 6).
 */

/** Where the data lies: what a warp refers to besides its parameter. */
export interface WarpReference {
  readonly top: number;
  readonly bottom: number;
  readonly spread: number;
}

/** A standardized warp: z = (g(y) − location)/scale. */
export interface OutputWarp extends WarpReference {
  readonly warpParameter: number;
  readonly location: number;
  readonly scale: number;
}

/** Warp parameters beyond this would make the best value a peak of its own. */
export const maxWarpParameter = 5;

export function warpReferenceOf(y: Float64Array): WarpReference {
  const sorted = Float64Array.from(y).sort();
  const n = sorted.length;
  const top = sorted[n - 1] ?? 0;
  const bottom = sorted[0] ?? 0;
  const quartiles = (sorted[Math.ceil(0.75 * (n - 1))] ?? 0) - (sorted[Math.floor(0.25 * (n - 1))] ?? 0);
  const range = top - bottom;
  const spread = quartiles > 1e-3 * range ? quartiles : range;
  return { top, bottom, spread: spread > 0 ? spread : 1 };
}

/** g and its derivatives at one value: slope ∂g/∂y·spread, and ∂g/∂κ and ∂log slope/∂κ. */
function shiftLog(y: number, { top, bottom, spread }: WarpReference, warpParameter: number) {
  const sign = warpParameter < 0 ? -1 : 1;
  const t = sign > 0 ? (top - y) / spread : (y - bottom) / spread;
  if (t <= 0) return { g: -sign * t, slope: 1, dG: 0, dLogSlope: 0 };
  const k = Math.abs(Math.sinh(warpParameter));
  const kt = k * t;
  const slope = 1 / (1 + kt);
  const log = Math.log1p(kt);
  // Near κt = 0 the closed forms cancel: series to second order in κt.
  const g = kt < 1e-5 ? t * (1 - kt / 2) : log / k;
  const dG = kt < 1e-3 ? t * t * (-0.5 + (2 / 3) * kt - 0.75 * kt * kt) : (t * slope - g) / k;
  return { g: -sign * g, slope, dG: -sign * dG, dLogSlope: -t * slope };
}

/** Standardized warped values, with log |dz/dy| (up to the constant log spread) and the derivatives of both in the warp parameter. */
export interface WarpedValues {
  readonly warp: OutputWarp;
  readonly z: Float64Array;
  readonly dz: Float64Array;
  readonly logSlope: Float64Array;
  readonly dLogSlope: Float64Array;
}

export function warpedValues(y: Float64Array, reference: WarpReference, warpParameter: number): WarpedValues {
  const n = y.length;
  const dk = (warpParameter < 0 ? -1 : 1) * Math.cosh(warpParameter);
  const z = new Float64Array(n);
  const dz = new Float64Array(n);
  const logSlope = new Float64Array(n);
  const dLogSlope = new Float64Array(n);
  let location = 0;
  let dLocation = 0;
  for (let i = 0; i < n; i++) {
    const at = shiftLog(y[i]!, reference, warpParameter);
    z[i] = at.g;
    dz[i] = at.dG * dk;
    logSlope[i] = Math.log(at.slope);
    dLogSlope[i] = at.dLogSlope * dk;
    location += at.g / n;
    dLocation += dz[i]! / n;
  }
  let square = 0;
  let dSquare = 0;
  for (let i = 0; i < n; i++) {
    const gap = z[i]! - location;
    square += (gap * gap) / n;
    dSquare += (2 * gap * (dz[i]! - dLocation)) / n;
  }
  const scale = square > 0 ? Math.sqrt(square) : 1;
  const dLogScale = square > 0 ? dSquare / (2 * square) : 0;
  for (let i = 0; i < n; i++) {
    z[i] = (z[i]! - location) / scale;
    dz[i] = (dz[i]! - dLocation) / scale - z[i]! * dLogScale;
    logSlope[i] = logSlope[i]! - Math.log(scale);
    dLogSlope[i] = dLogSlope[i]! - dLogScale;
  }
  return { warp: { ...reference, warpParameter, location, scale }, z, dz, logSlope, dLogSlope };
}

/** z of values that the warp was not made from. */
export function transform(y: Float64Array, warp: OutputWarp): Float64Array {
  return y.map((v) => (shiftLog(v, warp, warp.warpParameter).g - warp.location) / warp.scale);
}

/** dz/dy at one value. */
export function warpSlope(y: number, warp: OutputWarp): number {
  return shiftLog(y, warp, warp.warpParameter).slope / (warp.spread * warp.scale);
}

/** y at z, and dy/dz. */
export function untransform(z: number, warp: OutputWarp): { readonly y: number; readonly slope: number } {
  const { top, bottom, spread, warpParameter, location, scale } = warp;
  const sign = warpParameter < 0 ? -1 : 1;
  const g = -sign * (z * scale + location);
  const k = Math.abs(Math.sinh(warpParameter));
  const far = g > 0;
  const t = far && k > 0 ? Math.expm1(Math.min(k * g, 700)) / k : g;
  const y = sign > 0 ? top - t * spread : bottom + t * spread;
  return { y, slope: (far ? Math.exp(Math.min(k * g, 700)) : 1) * spread * scale };
}

/** The warp as a transform of the outcomes: from y to z. */
export function outputTransform(warp: OutputWarp): OutcomeTransform {
  const { warpParameter, spread, scale } = warp;
  return {
    name: warpParameter === 0 ? 'linear' : 'shift-log',
    forward: (y) => (shiftLog(y, warp, warpParameter).g - warp.location) / scale,
    inverse: (z) => untransform(z, warp),
    slope: (y) => warpSlope(y, warp),
    unit: warpParameter === 0 ? spread * scale : undefined,
  };
}
