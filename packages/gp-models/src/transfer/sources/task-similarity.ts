import { largestOf, type PriorTask } from '@foothold/core';
import { checkMetaFeatures } from './check-meta-features.ts';
import { sourceWeight } from './usable-tasks.ts';

/**
 * The sources with their weights lowered by how far the features of their tasks are from the new one's: e^(−distance/median
 * distance), the nearest keeping all of its own. Features are measured in their spread over the sources; a source without
 * them counts as near. For methods that take weights and no features; `autoTransfer` takes features itself.
 */
export function weightedBySimilarity(
  sources: readonly PriorTask[],
  metaFeatures: readonly number[] | undefined,
): readonly PriorTask[] {
  checkMetaFeatures(sources, metaFeatures);
  if (!metaFeatures || sources.every((source) => !source.metaFeatures)) return sources;
  const alike = similarity(sources, metaFeatures);
  const nearest = largestOf(alike);
  return sources.map((source, j) => ({ ...source, weight: (sourceWeight(source) * alike[j]!) / nearest }));
}

/** exp(−distance/median distance) over features divided by their spread; 1 for sources without features. */
export function similarity(sources: readonly PriorTask[], target: readonly number[]): number[] {
  const known = sources.map(({ metaFeatures }) =>
    metaFeatures?.length === target.length ? metaFeatures : undefined,
  );
  const spreads = target.map((_, k) => {
    const values = known.flatMap((f) => (f ? [f[k]!] : []));
    const mean = values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
    return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(values.length, 1)) || 1;
  });
  const distances = known.map((f) =>
    f ? Math.sqrt(f.reduce((sum, v, k) => sum + ((v - target[k]!) / spreads[k]!) ** 2, 0)) : undefined,
  );
  const sorted = distances.filter((v) => v !== undefined).sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] || 1;
  return distances.map((v) => (v === undefined ? 1 : Math.exp(-v / middle)));
}
