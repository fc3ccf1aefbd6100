/** Marks of one kind that a chart draws at most; more only cost time and bytes, 800 pixels show no more. */
const maxMarks = 2000;

/**
 * At most `maxItems` of the items, evenly spread, in their order: first and last are kept, and so are those that
 * `keep` names (which may make it more).
 */
export function thinned<T>(
  items: readonly T[],
  keep: (item: T) => boolean = () => false,
  maxItems = maxMarks,
): readonly T[] {
  if (items.length <= maxItems) return items;
  const step = (items.length - 1) / (maxItems - 1);
  const chosen = new Set<number>();
  for (let i = 0; i < maxItems; i++) chosen.add(Math.round(i * step));
  return items.filter((item, i) => chosen.has(i) || keep(item));
}
