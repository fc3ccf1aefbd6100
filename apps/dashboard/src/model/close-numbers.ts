import { shortNumber } from '@foothold/viz';

/** Digits that any number has, and that it has at most. */
const [fewest, most] = [4, 10];

/** Writes numbers with as many digits as show a difference of `gap`, and no more. */
export function closeNumbers(values: readonly number[], gap: number): (value: number) => string {
  const size = values.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
  // Two digits of the gap itself.
  const digits = Math.ceil(Math.log10(size / gap)) + 2;
  if (!(digits > fewest) || !Number.isFinite(digits)) return shortNumber;
  return (value) => String(Number(value.toPrecision(Math.min(digits, most)))).replaceAll('-', '−');
}
