import type { Sampler, Surrogate } from '@foothold/core';
import { gated } from '@foothold/gp-models';
import { bayesian } from '@foothold/samplers';
import type { PreparedSetting } from './transfer-setting.ts';
import { warmStarted } from './warm-started.ts';

/** The sampler of a method that is a surrogate: one trial that was good on the sources, then this model, gated if wanted. */
export function withSurrogate(setting: PreparedSetting, informed: Surrogate): Sampler {
  const { plain, acquisition, initialTrials = 1 } = setting;
  const surrogate = setting.gated ? gated(informed, plain) : informed;
  return warmStarted(setting, bayesian({ surrogate, metrics: plain, acquisition, initialTrials }), 1);
}
