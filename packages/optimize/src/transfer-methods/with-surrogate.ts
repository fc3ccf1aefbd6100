import type { Sampler } from '@foothold/core';
import { gated } from '@foothold/gp-models';
import { bayesian } from '@foothold/samplers';
import { type InformedSurrogate, informedModels } from './informed-models.ts';
import type { PreparedSetting } from './transfer-setting.ts';
import { warmStarted } from './warm-started.ts';

/** The sampler of a method that is a surrogate: one trial that was good on the sources, then this model, gated if wanted. */
export function withSurrogate(setting: PreparedSetting, informed: InformedSurrogate): Sampler {
  const { plain, acquisition, initialTrials = 1 } = setting;
  const models = informedModels(setting, (part) =>
    setting.gated ? gated(informed(part), plain) : informed(part),
  );
  return warmStarted(setting, bayesian({ ...models, acquisition, initialTrials }), 1);
}
