import { checkMetaFeatures } from './check-meta-features.ts';
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
