import type { Surrogate } from '@foothold/core';
import type { BayesianOptions } from '@foothold/samplers';
import type { PreparedSetting } from './transfer-setting.ts';

/** A surrogate from the sources of one figure: the value, or one of several objectives. */
export type InformedSurrogate = (part: Pick<PreparedSetting, 'sources' | 'prepared'>) => Surrogate;

/** The models of `bayesian` with these sources behind them: that of the value, and under several objectives one for each that has sources. */
export function informedModels(
  { sources, prepared, objectives, several, plain }: PreparedSetting,
  informed: InformedSurrogate,
): Pick<BayesianOptions, 'surrogate' | 'metrics' | 'multiObjective' | 'objectiveSurrogates'> {
  if (!several || !objectives) return { surrogate: informed({ sources, prepared }), metrics: plain };
  const models = [...objectives].map(([metric, part]) => [metric, informed(part)] as const);
  return {
    surrogate: plain,
    metrics: plain,
    multiObjective: several.multiObjective,
    objectiveSurrogates: Object.fromEntries(models),
  };
}
