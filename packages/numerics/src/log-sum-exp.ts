/** log(1 − exp(x)) for x ≤ 0, accurate at both ends (Mächler 2012, "Accurately Computing log(1 − exp(−|a|))"); NaN for x > 0. */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** log Σ exp(xᵢ) without overflow; −∞ for no terms, ∞ when a term is ∞, NaN when one is NaN. */
export function logSumExp(x: ArrayLike<number>): number {
  let top = -Infinity;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) return Number.NaN;
    top = Math.max(top, x[i]!);
  }
  if (!Number.isFinite(top)) return top;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i]! - top);
  return top + Math.log(sum);
}
