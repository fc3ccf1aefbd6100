import { InvalidArgumentError } from '@foothold/core';
import { type PriorTask, sourceWeight } from './prior-task.ts';

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
  const nearest = Math.max(...alike);
  return sources.map((source, j) => ({ ...source, weight: (sourceWeight(source) * alike[j]!) / nearest }));
}

/**
 * Throws InvalidArgumentError where features of sources or of the new task are not finite, or not equally many: those of the
 * new task, else of the first source that has some, say how many.
 */
export function checkMetaFeatures(
  sources: readonly {
    readonly name?: string | undefined;
    readonly metaFeatures?: readonly number[] | undefined;
  }[],
  metaFeatures: readonly number[] | undefined,
): void {
  const count = metaFeatures?.length ?? sources.find((source) => source.metaFeatures)?.metaFeatures?.length;
  const all = [
    { argument: 'metaFeatures', features: metaFeatures },
    ...sources.map((source, j) => ({
      argument: `metaFeatures of source ${source.name ?? j + 1}`,
      features: source.metaFeatures,
    })),
  ];
  for (const { argument, features } of all)
    if (features && (features.length !== count || features.length === 0 || !features.every(Number.isFinite)))
      throw new InvalidArgumentError(
        argument,
        features,
        `${count === 0 ? 'at least one' : count} finite numbers, the same features for every source and the new task`,
      );
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
