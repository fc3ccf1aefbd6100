import type { Sampler } from '@foothold/core';
import { multiTask, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** One process over all tasks, whose correlations are learned. */
export function multiTaskMethod(setting: PreparedSetting): Sampler {
  const sources = weightedBySimilarity(setting.sources, setting.metaFeatures);
  return withSurrogate(setting, multiTask(sources, setting));
}
