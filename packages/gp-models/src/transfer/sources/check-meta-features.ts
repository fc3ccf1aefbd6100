import { InvalidArgumentError } from '@foothold/core';

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
