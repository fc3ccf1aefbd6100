import type { Sampler } from '@foothold/core';
import { autoTransfer, maxCorrelatedTasks } from '@foothold/gp-models';
import { bayesian, warmStartRegion } from '@foothold/samplers';
import { alternateWithPlain } from '../alternate-with-plain.ts';
import { informedModels } from './informed-models.ts';
import type { PreparedSetting } from './transfer-setting.ts';
import { warmStarted } from './warm-started.ts';

/** Rows from which on the plain model takes turns with one to three sources: regret on held-out tasks (decisions/2026-11-21-transfer.md). */
const alternateFrom = 10;
/** With many sources it does from as many rows on as it has hyperparameters: these, and a lengthscale a column. */
const outputScaleNoiseAndMean = 3;

/**
 * The mixture of hypotheses about the sources in turn with the plain model. With many sources each ask of the mixture draws by the
 * evidence whether they help; with one to three the search is at first within the best of their trials.
 */
export function autoMethod(setting: PreparedSetting): Sampler {
  const { sources, several, columns, plain, acquisition, initialTrials = 1 } = setting;
  const isMany = sources.length > maxCorrelatedTasks;
  const good = several ? several.sources.map(({ ranks }) => ranks) : sources;
  const informed = bayesian({
    ...informedModels(setting, (part) => autoTransfer(part.prepared, { plain, probabilityMatching: isMany })),
    acquisition,
    initialTrials,
    // Many sources say enough of where not to look; with few, a corner that none has seen looks promising.
    ...(!isMany && {
      searchRegion: warmStartRegion(
        good.map(({ data }) => data),
        columns,
      ),
    }),
  });
  const from = isMany ? columns.length + outputScaleNoiseAndMean : alternateFrom;
  const { multiObjective } = several ?? {};
  const alone = bayesian({ surrogate: plain, acquisition, initialTrials, multiObjective });
  return warmStarted(setting, alternateWithPlain(informed, alone, from), 1);
}
