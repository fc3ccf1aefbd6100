import type { Sampler } from '@foothold/core';
import { bayesian } from '@foothold/samplers';
import { portfolioPoints } from './portfolio-points.ts';
import type { PreparedSetting } from './transfer-setting.ts';
import { warmStarted } from './warm-started.ts';

/** Trials that were good on the sources, then the plain model. */
export function portfolioMethod(setting: PreparedSetting): Sampler {
  const { plain, acquisition, several, initialTrials = portfolioPoints } = setting;
  const alone = bayesian({
    surrogate: plain,
    acquisition,
    initialTrials,
    multiObjective: several?.multiObjective,
  });
  return warmStarted(setting, alone, portfolioPoints);
}
