import { type Sampler, smallestOf } from '@foothold/core';
import { autoTransfer, maxCorrelatedTasks } from '@foothold/gp-models';
import { bayesian, warmStartRegion } from '@foothold/samplers';
import { alternateWithPlain } from '../alternate-with-plain.ts';
import { informedModels } from './informed-models.ts';
import type { PreparedSetting } from './transfer-setting.ts';
import { warmStarted } from './warm-started.ts';

/** Rows from which on the plain model takes turns with one to three sources: regret on held-out tasks (decisions/2026-11-21-transfer.md). */
const alternateFrom = 10;

/**
 * The mixture of hypotheses about the sources. With many sources each ask draws by the evidence whether they help, and is the plain
 * model's where they do not; with one to three the plain model takes turns, and the search is at first within the best of their trials.
 * Sources that are noise do not count, but for the search region, which is made before they are known. Of several objectives each
 * draws by the number of its own sources; the one with the fewest decides on the region and the turns, which all have together.
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
  const parts = objectives ? [...objectives.values()] : [setting];
  const from = async () => {
    const priors = await Promise.all(parts.map(({ prepared }) => prepared.prior()));
    const kept = priors.map((prior) => prior?.datasets.length ?? 0);
    return smallestOf(kept) > maxCorrelatedTasks ? Infinity : alternateFrom;
  };
  const { multiObjective } = several ?? {};
  const alone = bayesian({ surrogate: plain, acquisition, initialTrials, multiObjective });
  return warmStarted(setting, alternateWithPlain(informed, alone, from), 1);
}
