/** log log(1 + eᵗ) and its derivative in t. */
export function logSoftplus(t: number): { readonly value: number; readonly slope: number } {
  if (t < -30) return { value: t, slope: 1 };
  const softplus = t > 30 ? t : Math.log1p(Math.exp(t));
  return { value: Math.log(softplus), slope: 1 / ((1 + Math.exp(-t)) * softplus) };
}
