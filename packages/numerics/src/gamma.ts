/**
 * log Γ(x) for x > 0 by Stirling's series after shifting x above 10 (Abramowitz & Stegun 1964, 6.1.40), with the power
 * series of log Γ around its zeros at 1 and 2 (6.1.33), where the shift would cancel.
 */

const halfLogTwoPi = 0.9189385332046728;
const eulerGamma = 0.5772156649015329;
/** B₂ₖ / (2k(2k − 1)). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/** log Γ(x) for x > 0, relative error below 1e-14; ∞ at 0, NaN for negative x. */
export function lgamma(x: number): number {
  if (!(x >= 0)) return Number.NaN;
  if (x === 0) return Infinity;
  if (Math.abs(x - 1) <= 0.5) return nearOne(x - 1);
  if (Math.abs(x - 2) <= 0.5) return nearOne(x - 2) + Math.log1p(x - 2);
  if (x > 1e17) return x * (Math.log(x) - 1);
  let shift = 1;
  let a = x;
  for (; a < 10; a++) shift *= a;
  const r = 1 / (a * a);
  let sum = 0;
  for (let k = stirling.length - 1; k >= 0; k--) sum = sum * r + stirling[k]!;
  return (a - 0.5) * Math.log(a) - a + halfLogTwoPi + sum / a - Math.log(shift);
}

/** log of the Beta function, B(a, b) = Γ(a)Γ(b)/Γ(a + b), a and b positive. */
export function logBeta(a: number, b: number): number {
  return lgamma(a) + lgamma(b) - lgamma(a + b);
}

/** log Γ(1 + v) = −γv + Σ ζ(k)(−v)ᵏ/k, |v| ≤ ½; summed as (ζ(k) − 1), whose terms fall twice as fast, plus −log(1 + v) + v. */
function nearOne(v: number): number {
  let sum = 0;
  let power = -v;
  for (let k = 2; k < zetaMinusOne.length + 2; k++) {
    power *= -v;
    sum += (zetaMinusOne[k - 2]! * power) / k;
  }
  // Σ (−v)ᵏ/k over k ≥ 2 is v − log(1 + v).
  return v * (1 - eulerGamma) - Math.log1p(v) + sum;
}

/** ζ(k) − 1 from k = 2. */
const zetaMinusOne = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.004077356197944339, 0.0020083928260822143, 0.000994575127818085,
  0.0004941886041194646, 0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-5,
  3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6,
  9.539620338727962e-7, 4.769329867878066e-7, 2.384505027277329e-7, 1.1921992596531106e-7,
  5.960818905125948e-8, 2.980350351465228e-8,
];
