import type { Sampler } from '@foothold/core';
import { quantileTransfer, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** One process over the normal scores of all sources. */
export function quantileMethod(setting: PreparedSetting): Sampler {
  return withSurrogate(setting, ({ sources }) =>
    quantileTransfer(weightedBySimilarity(sources, setting.metaFeatures), setting.plain),
  );
}
