import type { Sampler } from '@foothold/core';
import { empiricalPrior } from '@foothold/gp-models';
import type { PreparedSetting } from './transfer-setting.ts';
import { withSurrogate } from './with-surrogate.ts';

/** HyperBO: the sources' own mean and covariance as the prior. */
export function empiricalPriorMethod(setting: PreparedSetting): Sampler {
  return withSurrogate(setting, ({ prepared }) => empiricalPrior(prepared));
}
