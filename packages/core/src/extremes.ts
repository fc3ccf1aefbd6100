/** The largest of any number of values, −∞ of none, NaN when one is NaN. `Math.max(...values)` throws above some 100,000. */
export function largestOf(values: Iterable<number>): number {
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

/** The smallest of any number of values, ∞ of none, NaN when one is NaN. */
export function smallestOf(values: Iterable<number>): number {
  let smallest = Infinity;
  for (const value of values) smallest = Math.min(smallest, value);
  return smallest;
}
