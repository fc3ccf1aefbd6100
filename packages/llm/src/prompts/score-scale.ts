import { finiteRange } from '../finite-range.ts';

/** How values of an objective stand in a prompt. */
export interface ScoreScale {
  /** The value with as many digits as distinguish the values. */
  text(value: number): string;
  /** One unit of the last digit that tells: a millionth of the range at most, in units of the values. */
  readonly unit: number;
}

/** Digits of the range of the values: as many as prompts show of any number. */
const digits = 6;
/** A float64 has no more. */
const maxDigits = 17;

/**
 * The scale of these values, of which those that are not finite are passed over: their range has six digits, however far from 0 they lie.
 * Equal values have six digits themselves.
 */
export function scoreScale(values: Iterable<number>): ScoreScale {
  const { low, high } = finiteRange(values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const top = Number.isFinite(size) && size > 0 ? exponentOf(size) : 0;
  // In halves: the distance between the ends of the number range overflows.
  const half = high / 2 - low / 2;
  const spread = half > 0 ? exponentOf(half) + (half >= 5 * 10 ** exponentOf(half) ? 1 : 0) : top;
  const last = spread - (digits - 1);
  const shown = Math.min(Math.max(top - last + 1, digits), maxDigits);
  return {
    text: (value) => (Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(shown)))),
    unit: 10 ** last,
  };
}

const exponentOf = (value: number) => Math.floor(Math.log10(value));
