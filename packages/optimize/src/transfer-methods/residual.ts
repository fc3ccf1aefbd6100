import type { Sampler } from '@foothold/core';
import { stackedResidual, weightedBySimilarity } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** The model of the residuals of the sources’ mean. */
export function residualMethod(setting: PreparedSetting): Sampler {
  return withSurrogate(setting, ({ sources }) =>
    stackedResidual(weightedBySimilarity(sources, setting.metaFeatures), setting.plain),
  );
}
