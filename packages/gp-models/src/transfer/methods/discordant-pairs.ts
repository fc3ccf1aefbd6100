/** Number of pairs that two value lists order differently. */
export function discordantPairs(f: Float64Array, y: Float64Array): number {
  let count = 0;
  for (let j = 0; j < y.length; j++) for (let k = 0; k < j; k++) if (f[j]! < f[k]! !== y[j]! < y[k]!) count++;
  return count;
}
