import type { Sampler } from '@foothold/core';
import { stackedResidual, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** The model of the residuals of the sources’ mean. */
export function residualMethod(setting: PreparedSetting): Sampler {
  const sources = weightedBySimilarity(setting.sources, setting.metaFeatures);
  return withSurrogate(setting, stackedResidual(sources, setting.plain));
}
