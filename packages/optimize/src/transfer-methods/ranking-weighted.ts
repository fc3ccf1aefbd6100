import type { Sampler } from '@foothold/core';
import { rankingWeighted, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** RGPE: models weighted by how they order the trials. */
export function rankingWeightedMethod(setting: PreparedSetting): Sampler {
  return withSurrogate(setting, ({ sources }) =>
    rankingWeighted(weightedBySimilarity(sources, setting.metaFeatures), setting.plain),
  );
}
