import { type Sampler, smallestOf } from '@foothold/core';
import { autoTransfer, maxCorrelatedTasks } from '@foothold/gp-models';
import { bayesian, warmStartRegion } from '@foothold/samplers';
import { alternateWithPlain } from '../alternate-with-plain.ts';
import { informedModels } from './informed-models.ts';
import type { PreparedSetting } from './transfer-setting.ts';
import { warmStarted } from './warm-started.ts';

/**
 * Rows from which on the plain model takes turns, at the latest: regret on held-out tasks (decisions/2026-11-21-transfer.md). It is a
 * protection against sources that mislead, which many columns must not put off.
 */
const alternateFrom = 10;
/** With many sources it does already from as many rows on as it has hyperparameters: these, and a lengthscale a column. */
const outputScaleNoiseAndMean = 3;

/**
 * The mixture of hypotheses about the sources in turn with the plain model. With many sources each ask of the mixture draws by the
 * evidence whether they help; with one to three the search is at first within the best of their trials.
 * Sources that are noise do not count for the draw. Of several objectives each draws by the number of its own sources; the one with the
 * fewest decides on the region and the turns, which all have together.
 */
export function autoMethod(setting: PreparedSetting): Sampler {
  const { sources, objectives, several, columns, plain, acquisition, initialTrials = 1 } = setting;
  const counts = Array.from(objectives?.values() ?? [], (part) => part.sources.length);
  const isMany = smallestOf([sources.length, ...counts]) > maxCorrelatedTasks;
  const good = several ? several.sources.map(({ ranks }) => ranks) : sources;
  const informed = bayesian({
    ...informedModels(setting, ({ prepared }) =>
      autoTransfer(prepared, { plain, probabilityMatching: true }),
    ),
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
  const from = isMany ? Math.min(columns.length + outputScaleNoiseAndMean, alternateFrom) : alternateFrom;
  const { multiObjective } = several ?? {};
  const alone = bayesian({ surrogate: plain, acquisition, initialTrials, multiObjective });
  return warmStarted(setting, alternateWithPlain(informed, alone, from), 1);
}
