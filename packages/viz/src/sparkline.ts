import { rangeOf } from './number-scale.ts';

const bars = '▁▂▃▄▅▆▇█';

/** The numbers as one line of blocks, at most `width` characters (means of neighbours where there are more); a blank where nothing is finite. */
export function sparkline(values: ArrayLike<number>, width = 40): string {
  const count = Math.min(values.length, Math.max(1, Math.floor(width)));
  const means = Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * values.length) / count));
    const finite = Array.from({ length: to - from }, (_, j) => values[from + j]!).filter((v) => rangeOf([v]));
    return finite.length === 0 ? Number.NaN : finite.reduce((sum, v) => sum + v / finite.length, 0);
  });
  const [low, high] = rangeOf(means) ?? [0, 0];
  return means
    .map((v) => {
      if (Number.isNaN(v)) return ' ';
      const position = high > low ? v / (high - low) - low / (high - low) : 0.5;
      return bars[Math.min(Math.floor(position * bars.length), bars.length - 1)]!;
    })
    .join('');
}
