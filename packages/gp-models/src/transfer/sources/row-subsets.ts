/** Rules by which a part of a long dataset stands for all of it. */
import { type Dataset, rowsByValue, selectRows } from '@foothold/core';

/** At most `count` items, evenly spread over the list. */
export function evenSubset<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, k) => items[Math.floor(((k + 0.5) * items.length) / count)]!);
}

/** At most `limit` rows, evenly spread. */
export function evenRows(dataset: Dataset, limit: number): Dataset {
  if (dataset.y.length <= limit) return dataset;
  return selectRows(dataset, evenSubset([...dataset.y.keys()], limit));
}

/** At most `limit` rows: the best eighth of that number, then an even part of the others. */
export function bestAndEvenRows(dataset: Dataset, limit: number): Dataset {
  if (dataset.y.length <= limit) return dataset;
  const order = rowsByValue(dataset.y);
  const best = Math.floor(limit / 8);
  const others = order.slice(best).sort((a, b) => a - b);
  return selectRows(dataset, [...order.slice(0, best), ...evenSubset(others, limit - best)]);
}
