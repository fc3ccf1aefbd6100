import type { PriorTask, Sampler } from '@foothold/core';
import { prepareSources } from '@foothold/gp-models';
import type { TransferMethod } from '../transfer-methods.ts';
import { autoMethod } from './auto.ts';
import { empiricalPriorMethod } from './empirical-prior.ts';
import { multiTaskMethod } from './multi-task.ts';
import { portfolioMethod } from './portfolio.ts';
import { quantileMethod } from './quantile.ts';
import { rankingWeightedMethod } from './ranking-weighted.ts';
import { residualMethod } from './residual.ts';
import type { MethodSampler, TransferSetting } from './transfer-setting.ts';
import { twoStageMethod } from './two-stage.ts';

export { transferOf, withoutPart } from './transfer-of.ts';

/**
 * The code of each method. It is a table of its own because it is loaded with the first sources: names are checked before
 * that, and `import()` of each method alone makes the bundles of studies without sources 2 % larger.
 */
const samplers: Readonly<Record<TransferMethod, MethodSampler>> = {
  auto: autoMethod,
  portfolio: portfolioMethod,
  'empirical-prior': empiricalPriorMethod,
  residual: residualMethod,
  'ranking-weighted': rankingWeightedMethod,
  'two-stage': twoStageMethod,
  'multi-task': multiTaskMethod,
  quantile: quantileMethod,
};

/** The sampler of this method. Its warm start and its model share the sources' empirical prior. */
export function transferSampler(method: TransferMethod, setting: TransferSetting): Sampler {
  const { sources, several, columns, linalg, metaFeatures } = setting;
  const prepared = (tasks: readonly PriorTask[]) => ({
    sources: tasks,
    prepared: prepareSources(tasks, { columns, linalg, metaFeatures }),
  });
  if (!several) return samplers[method]({ ...setting, ...prepared(sources) });
  const objectives = several.metrics.flatMap((metric) => {
    const tasks = several.sources.flatMap(({ tasks: all }) => all.get(metric) ?? []);
    return tasks.length > 0 ? [[metric, prepared(tasks)] as const] : [];
  });
  // What is said of all objectives together chooses the first trial; a portfolio goes on to the ends of the front.
  const ends = (method === 'portfolio' ? several.sources : []).flatMap(({ tasks }) => [...tasks.values()]);
  return samplers[method]({
    ...setting,
    ...prepared([...several.sources.map(({ compromise }) => compromise), ...ends]),
    objectives: new Map(objectives),
  });
}
