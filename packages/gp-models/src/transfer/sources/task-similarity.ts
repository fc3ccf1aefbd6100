import { InvalidArgumentError } from '@foothold/core';
import { similarity } from './prepare-sources.ts';
import { type PriorTask, sourceWeight } from './prior-task.ts';

/**
 * The sources with their trust lowered by how far the features of their tasks are from the new one's: e^(−distance/median
 * distance), the nearest keeping all of its own. Features are measured in their spread over the sources; a source without
 * them counts as near. For methods that know of trust and not of features; `autoTransfer` takes features itself.
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
