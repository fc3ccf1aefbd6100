/**
 * Real parameters on a linear or logarithmic scale, over any range of float64.
 *
 * u      coordinate in [0, 1]
 * span   high − low, or ln(high / low)
 */

interface RealScale {
  /** undefined when the value is not a number in [low, high], up to a few roundings. */
  coordinateOf(value: unknown): number | undefined;
  valueAt(coordinate: number): number;
}

/** How far outside a bound a value may lie and count as the bound: the rounding of a short computation, relative. */
const roundOff = 8 * 2 ** -53;

/**
 * The scale of [low, high]; both ends map to 0 and 1 and back exactly. A value comes back with an error of a few
 * roundings of max(|low|, |high|), or on the logarithmic scale of value · ln(high / low).
 */
export function realScale(bounds: {
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
}): RealScale {
  const { low, high } = bounds;
  const slackLow = roundOff * (bounds.log ? low : Math.max(Math.abs(low), Math.abs(high)));
  const slackHigh = roundOff * (bounds.log ? high : Math.max(Math.abs(low), Math.abs(high)));
  const { up, down, short } = bounds.log ? logarithmic(low, high) : linear(low, high);
  const coordinateOf = (value: unknown) => {
    if (typeof value !== 'number' || !(value >= low - slackLow && value - slackHigh <= high))
      return undefined;
    if (value <= low) return 0;
    return value >= high ? 1 : Math.min(Math.max(down(value), 0), 1);
  };
  return {
    coordinateOf,
    valueAt(coordinate) {
      if (!(coordinate > 0)) return low;
      if (coordinate >= 1) return high;
      const value = Math.min(Math.max(up(coordinate), low), high);
      const near = short(value);
      if (near >= low && near <= high && coordinateOf(near) === coordinate) return near;
      return value;
    },
  };
}

interface Maps {
  readonly up: (u: number) => number;
  readonly down: (value: number) => number;
  /** The decimal near a value that as few digits hold as coordinates resolve: 0.001 for 0.0010000000000000005. */
  readonly short: (value: number) => number;
}

function linear(low: number, high: number): Maps {
  const digits = Math.floor(-Math.log10(2 ** -51 * Math.max(Math.abs(low), Math.abs(high))));
  const short = (value: number) => (digits >= 0 && digits <= 100 ? Number(value.toFixed(digits)) + 0 : value);
  const up = (u: number) => low * (1 - u) + high * u;
  const span = high - low;
  if (span < Infinity) return { up, down: (v) => (v - low) / span, short };
  const half = high / 2 - low / 2;
  return { up, down: (v) => (v / 2 - low / 2) / half, short };
}

function logarithmic(low: number, high: number): Maps {
  const span = logRatio(high, low);
  const digits = Math.floor(-Math.log10(2 ** -51 * (1 + span)));
  return {
    short: (value) => Number(value.toPrecision(digits)),
    // From the nearer end, and in two factors: e^x alone overflows from x ≈ 709 on.
    up: (u) => {
      const half = Math.exp(((u <= 0.5 ? u : u - 1) * span) / 2);
      return (u <= 0.5 ? low : high) * half * half;
    },
    down: (v) => {
      const u = logRatio(v, low) / span;
      return u <= 0.5 ? u : 1 - logRatio(high, v) / span;
    },
  };
}

/** ln(a / b) for a ≥ b > 0, without overflow, and exact to rounding where a is near b. */
function logRatio(a: number, b: number): number {
  const ratio = a / b;
  if (ratio < 2) return Math.log1p((a - b) / b);
  return ratio < Infinity ? Math.log(ratio) : Math.log(a) - Math.log(b);
}
