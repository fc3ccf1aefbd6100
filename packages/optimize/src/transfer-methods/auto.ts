import type { Sampler } from '@foothold/core';
import { autoTransfer, maxCorrelatedTasks } from '@foothold/gp-models';
import { bayesian, warmStartRegion } from '@foothold/samplers';
import { alternateWithPlain } from '../alternate-with-plain.ts';
import type { PreparedSetting } from './transfer-setting.ts';
import { warmStarted } from './warm-started.ts';

/**
 * The mixture of hypotheses about the sources. With many of them each ask draws by the evidence whether its model has the sources or none.
 * With one to three the plain model has every second ask from ten trials on, and the search is at first within the best of their trials.
 */
export function autoMethod(setting: PreparedSetting): Sampler {
  const { sources, prepared, columns, plain, acquisition, initialTrials = 1 } = setting;
  const isMany = sources.length > maxCorrelatedTasks;
  const surrogate = autoTransfer(prepared, { plain, probabilityMatching: isMany });
  const common = { acquisition, initialTrials };
  if (isMany) return warmStarted(setting, bayesian({ ...common, surrogate, metrics: plain }), 1);
  const informed = bayesian({
    ...common,
    surrogate,
    metrics: plain,
    // A corner that none of a few sources has seen looks promising.
    searchRegion: warmStartRegion(
      sources.map(({ data }) => data),
      columns,
    ),
  });
  return warmStarted(setting, alternateWithPlain(informed, bayesian({ ...common, surrogate: plain })), 1);
}
