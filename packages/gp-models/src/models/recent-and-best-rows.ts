import { type Dataset, rowsByValue, selectRows } from '@foothold/core';

/** Fraction of the kept rows that hold the best values. */
const bestFraction = 0.4;

/**
 * The dataset, or where it has more than `limit` rows a part of it: of the rows up to a mark the best values and an even
 * part of the others, `limit` in all, and every row after the mark. The mark moves by a fifth of `limit` at a time, so
 * that between two moves a new row is one more row of the same part.
 */
export function recentAndBestRows(data: Dataset, limit: number): Dataset {
  const n = data.y.length;
  const step = Math.max(1, Math.floor(limit / 5));
  if (n < limit + step) return data;
  const mark = limit + step * Math.floor((n - limit) / step);
  const order = rowsByValue(data.y.subarray(0, mark));
  const best = Math.ceil(bestFraction * limit);
  const rest = order.slice(best).sort((a, b) => a - b);
  const others = limit - best;
  const even = Array.from(
    { length: others },
    (_, i) => rest[Math.floor(((i + 0.5) * rest.length) / others)]!,
  );
  const rows = [...order.slice(0, best), ...even].sort((a, b) => a - b);
  for (let i = mark; i < n; i++) rows.push(i);
  return selectRows(data, rows);
}
