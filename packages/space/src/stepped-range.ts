/**
 * The values low + k·step of a range, in decimal arithmetic, so that each is the float64 nearest to what a person writes:
 * 0.3 for 0 + 3 · 0.1, where float64 arithmetic gives 0.30000000000000004.
 *
 * A number is digits · 10^−decimals, with whole digits.
 */

export interface SteppedRange {
  /** Number of values. */
  readonly count: number;
  /** Value number `level`, from 0. */
  valueAt(level: number): number;
  /** Number of the value; undefined where none of them is within a few roundings of it. */
  levelOf(value: number): number | undefined;
}

/** Rounding that a value may carry, relative to the larger bound. */
const roundOff = 8 * 2 ** -53;

/** Fewest roundings of the larger bound between two values. */
const smallestStep = 2 ** -50;

/** True when float64 tells neighbouring values of the range from each other. */
export function isResolved({ low, high, step }: Bounds): boolean {
  return step >= smallestStep * Math.max(Math.abs(low), Math.abs(high));
}

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/**
 * The values low + k·step up to high. Where the last one differs from high by rounding only (a step of 1/3 in [0, 1]) it
 * is high. Needs a finite low ≤ high and a step above 0.
 */
export function steppedRange({ low, high, step }: Bounds): SteppedRange {
  const decimals = Math.max(decimalOf(low).decimals, decimalOf(high).decimals, decimalOf(step).decimals);
  const [first, end, width] = [low, high, step].map((value) => digitsAt(value, decimals)) as [
    bigint,
    bigint,
    bigint,
  ];
  const numberOf = (digits: bigint) => Number(`${digits}e-${decimals}`);
  const slack = roundOff * Math.max(Math.abs(low), Math.abs(high));
  const whole = (end - first) / width;
  const rest = end - first - whole * width;
  const closes = rest > 0n && numberOf(width - rest) <= slack;
  const last = Number(whole) + (closes ? 1 : 0);
  // Of two numbers that differ by rounding, the one with fewer digits is what was meant: 1, not 0.9999999999999999.
  const exact = numberOf(first + whole * width);
  const isHigh = closes || (numberOf(rest) <= slack && String(high).length < String(exact).length);
  const valueAt = (level: number) =>
    isHigh && level >= last ? high : numberOf(first + BigInt(level) * width);
  return {
    count: last + 1,
    valueAt,
    levelOf(value) {
      const guess = Math.round(value / step - low / step);
      const near = [guess, guess - 1, guess + 1].filter((level) => level >= 0 && level <= last);
      return near.find((level) => Math.abs(valueAt(level) - value) <= Math.min(slack, step / 4));
    },
  };
}

function decimalOf(value: number): { readonly digits: bigint; readonly decimals: number } {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const decimals = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return decimals >= 0 ? { digits, decimals } : { digits: digits * 10n ** BigInt(-decimals), decimals: 0 };
}

function digitsAt(value: number, decimals: number): bigint {
  const decimal = decimalOf(value);
  return decimal.digits * 10n ** BigInt(decimals - decimal.decimals);
}
