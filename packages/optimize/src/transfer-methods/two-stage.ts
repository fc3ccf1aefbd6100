import type { Sampler } from '@foothold/core';
import { twoStage, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** TST-R: models weighted by discordant pairs. */
export function twoStageMethod(setting: PreparedSetting): Sampler {
  const sources = weightedBySimilarity(setting.sources, setting.metaFeatures);
  return withSurrogate(setting, twoStage(sources, setting.plain));
}
