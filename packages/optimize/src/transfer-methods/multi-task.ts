import type { Sampler } from '@foothold/core';
import { multiTask, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** One process over all tasks, whose correlations are learned. */
export function multiTaskMethod(setting: PreparedSetting): Sampler {
  return withSurrogate(setting, ({ sources }) =>
    multiTask(weightedBySimilarity(sources, setting.metaFeatures), setting),
  );
}
