import type { Sampler } from '@foothold/core';
import { quantileTransfer, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** One process over the normal scores of all sources. */
export function quantileMethod(setting: PreparedSetting): Sampler {
  const sources = weightedBySimilarity(setting.sources, setting.metaFeatures);
  return withSurrogate(setting, quantileTransfer(sources, setting.plain));
}
