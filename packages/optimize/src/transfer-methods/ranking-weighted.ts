import type { Sampler } from '@foothold/core';
import { rankingWeighted, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** RGPE: models weighted by how they order the trials. */
export function rankingWeightedMethod(setting: PreparedSetting): Sampler {
  const sources = weightedBySimilarity(setting.sources, setting.metaFeatures);
  return withSurrogate(setting, rankingWeighted(sources, setting.plain));
}
