import type { SpecPart } from './chart-spec.ts';

/** Largest magnitude that is drawn; anything beyond counts as infinite, since ranges of such numbers overflow. */
const largest = 1e300;
/** From this ratio of largest to smallest on, positive numbers get a logarithmic axis unless the caller says otherwise. */
const logRatio = 1000;

/** True for numbers that an axis can show. */
export function isDrawable(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= largest;
}

/** Smallest and largest drawable number, or undefined when there is none. */
export function rangeOf(values: Iterable<number>): readonly [low: number, high: number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (!isDrawable(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : undefined;
}

/** A number as a person would write it: four significant digits, powers of ten only where they shorten it. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    const [digits, power] = value.toExponential(3).split('e') as [string, string];
    return `${Number(digits)}e${Number(power)}`.replaceAll('-', '−');
  }
  if (Number.isInteger(value)) return String(value).replace('-', '−');
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/** Scale and axis number format for these values. Default of `log`: decided by the values. */
export function numberScale(
  values: Iterable<number>,
  options: { readonly log?: boolean | undefined; readonly zero?: boolean } = {},
): { readonly scale: SpecPart; readonly axis: SpecPart; readonly log: boolean } {
  const [low, high] = rangeOf(values) ?? [0, 1];
  const possible = low > 0;
  const log = possible && (options.log ?? high / low >= logRatio);
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (log) {
    // A single value still needs a range, or every position on the axis is the same.
    const domain = high > low ? [low, high] : [low / 2, high * 2];
    const decades = Math.log10(domain[1]! / domain[0]!);
    return {
      log,
      scale: { type: 'log', domain, nice: false, zero: false },
      axis: {
        format: domain[0]! < 1e-3 || domain[1]! > 1e5 ? '~e' : '~g',
        ...(decades > 2 ? { tickCount: Math.min(Math.ceil(decades), 8) } : {}),
      },
    };
  }
  const flat = !(high > low) || high - low < size * 1e-12;
  const pad = size === 0 ? 1 : size * 0.05;
  const domain = flat
    ? [low - pad, high + pad]
    : options.zero === true
      ? [Math.min(low, 0), Math.max(high, 0)]
      : [low, high];
  const span = domain[1]! - domain[0]!;
  // d3 writes 1e30 as thirty zeros; %g uses powers of ten where that is shorter.
  const format = size >= 1e6 || (size !== 0 && span < 1e-4) ? { format: '~g' } : {};
  return { log, scale: { type: 'linear', domain, nice: !flat, zero: options.zero === true }, axis: format };
}
