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
  const { up, down } = bounds.log ? logarithmic(low, high) : linear(low, high);
  return {
    coordinateOf(value) {
      if (typeof value !== 'number' || !(value >= low - slackLow && value - slackHigh <= high))
        return undefined;
      if (value <= low) return 0;
      return value >= high ? 1 : Math.min(Math.max(down(value), 0), 1);
    },
    valueAt(coordinate) {
      if (!(coordinate > 0)) return low;
      return coordinate >= 1 ? high : Math.min(Math.max(up(coordinate), low), high);
    },
  };
}

interface Maps {
  readonly up: (u: number) => number;
  readonly down: (value: number) => number;
}

function linear(low: number, high: number): Maps {
  const span = high - low;
  if (span < Infinity) return { up: (u) => low * (1 - u) + high * u, down: (v) => (v - low) / span };
  const half = high / 2 - low / 2;
  return { up: (u) => low * (1 - u) + high * u, down: (v) => (v / 2 - low / 2) / half };
}

function logarithmic(low: number, high: number): Maps {
  const span = logRatio(high, low);
  return {
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
