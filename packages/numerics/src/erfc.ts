/**
 * The complementary error function and its scaled form.
 *
 * erfc(x)  = 2/√π ∫ₓ^∞ exp(−t²) dt
 * erfcx(x) = exp(x²) erfc(x), of order 1/x where erfc underflows
 *
 * The tables are our own fits (scripts/fit.py): polynomials on equal pieces of t = 4 / (4 + x).
 */
import type { FitTable } from './fit-table.ts';
import { pieceCount, pieceDegree, scaledFit, smallFit } from './fits.generated.ts';

const sqrtPi = 1.772453850905516;

/** 1 − erf(x), relative error below 4·2⁻⁵³ or one denormal; 0 from x ≈ 27.23 on, where it is below the denormals. */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.5) return 1 - erfSmall(x);
  if (Number.isNaN(x)) return x;
  if (x < 0) return 2 - erfc(-x);
  if (x > 28) return 0;
  return expSquare(x, -1) * erfcx(x);
}

/** exp(x²)·erfc(x), relative error below 4·2⁻⁵³; ∞ below x ≈ −26.6. */
export function erfcx(x: number): number {
  if (x >= 0) return x < 1e8 ? piecewise(scaledFit, x) / (1 + 2 * x) : 1 / (x * sqrtPi);
  if (Number.isNaN(x)) return x;
  if (x < -27) return Infinity;
  if (x >= -0.5) return expSquare(x, 1) * (1 - erfSmall(x));
  return 2 * expSquare(x, 1) - erfcx(-x);
}

/** erf(x) for |x| ≤ ½, to full relative accuracy. */
export function erfSmall(x: number): number {
  return x * polynomial(smallFit, 8 * x * x - 1);
}

/** exp(sign·scale·x²) without the rounding of x², whose relative effect is x²·2⁻⁵³. */
export function expSquare(x: number, sign: 1 | -1, scale = 1): number {
  // The upper part has few enough bits that its square is exact.
  const high = Math.round(x * 1024) / 1024;
  return Math.exp(sign * scale * high * high) * Math.exp(sign * scale * (x - high) * (x + high));
}

/** A table of scripts/fit.py at x ≥ 0. */
export function piecewise(table: FitTable, x: number): number {
  const values = table();
  const s = (4 / (4 + x)) * pieceCount;
  const piece = Math.min(Math.floor(s), pieceCount - 1);
  const u = 2 * (s - piece) - 1;
  const first = piece * (pieceDegree + 1);
  let sum = values[first + pieceDegree]!;
  for (let k = first + pieceDegree - 1; k >= first; k--) sum = sum * u + values[k]!;
  return sum;
}

/** Σ coefficients[k]·uᵏ. */
export function polynomial(coefficients: readonly number[], u: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * u + coefficients[k]!;
  return sum;
}
