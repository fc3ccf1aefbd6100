import type { Sampler } from '@foothold/core';
import { twoStage, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** TST-R: models weighted by discordant pairs. */
export function twoStageMethod(setting: PreparedSetting): Sampler {
  return withSurrogate(setting, ({ sources }) =>
    twoStage(weightedBySimilarity(sources, setting.metaFeatures), setting.plain),
  );
}
