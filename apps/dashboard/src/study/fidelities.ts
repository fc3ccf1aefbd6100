import type { TrainingFidelity, Trial } from '@foothold/core';
import { type LoggedFidelities, loggedFidelities, trainingCosts } from '@foothold/study';
import type { LiveStudy } from './live-study.ts';
import { axisKey, type FilterAxis } from './trial-filters.ts';

type State = LiveStudy['state'];

/** The metric that holds what an evaluation took, where costs are measured. */
const secondsMetric = 'seconds';

/** A fidelity of a study, as the page shows it. */
export interface ShownFidelity {
  /** Its name with that of the parameter, such as `epochs 9`. */
  readonly title: string;
  readonly fidelity: number;
}

/** The fidelities of a study of several, the target last; undefined for other studies. */
export interface ShownFidelities {
  readonly axis: FilterAxis;
  readonly levels: readonly ShownFidelity[];
  readonly budget?: number | undefined;
  /** Title of an axis of costs. */
  readonly costTitle: string;
  /** Index of a trial's fidelity, −1 where it is none of them. */
  levelOf(trial: Pick<Trial, 'params'>): number;
  /** What these trials cost, each, in their order; 0 for those that were loaded. */
  costsOf(trials: readonly Trial[]): readonly number[];
}

export function shownFidelities(
  state: Pick<State, 'configured' | 'goal' | 'trials'>,
): ShownFidelities | undefined {
  const logged = loggedFidelities(state);
  if (!logged) return undefined;
  const { parameter, levels, budget, isMeasured, training } = logged;
  const values = levels.map(({ fidelity }) => fidelity);
  const levelOf = ({ params }: Pick<Trial, 'params'>) => values.indexOf(Number(params[parameter]));
  return {
    axis: { kind: 'param', name: parameter },
    levels: levels.map(({ fidelity, name }) => ({ fidelity, title: `${parameter} ${name}` })),
    ...{ budget, levelOf },
    costTitle: training ? `${parameter} so far` : isMeasured ? 'seconds so far' : 'cost so far',
    costsOf: (trials) =>
      training ? costsOfPieces(trials, state.trials, training) : costsOf(trials, logged, levelOf),
  };
}

/** The index of the only fidelity that the filters keep; undefined where they keep several. */
export function keptLevel(study: LiveStudy, { axis, levels }: ShownFidelities): number | undefined {
  const found = study.filters.value.get(axisKey(axis))?.filter;
  if (found?.kind !== 'levels' || found.levels.length !== 1) return undefined;
  const at = levels.findIndex(({ fidelity }) => String(fidelity) === found.levels[0]);
  return at < 0 ? undefined : at;
}

/** What these pieces of training cost, given all trials of the study. */
function costsOfPieces(
  trials: readonly Trial[],
  all: readonly Trial[],
  training: TrainingFidelity,
): readonly number[] {
  const costs = trainingCosts(all, training);
  const at = new Map(all.map(({ number }, i) => [number, costs[i]!]));
  return trials.map(({ number }) => at.get(number) ?? 0);
}

/** A cost of a fidelity, or the seconds of each trial; trials without seconds cost as much as the mean of their fidelity. */
function costsOf(
  trials: readonly Trial[],
  { levels, isMeasured }: LoggedFidelities,
  levelOf: ShownFidelities['levelOf'],
): readonly number[] {
  const timed = levels.map(() => ({ sum: 0, count: 0 }));
  for (const trial of trials) {
    const tally = timed[levelOf(trial)];
    const seconds = secondsOf(trial);
    if (!tally || seconds === undefined) continue;
    tally.sum += seconds;
    tally.count++;
  }
  return trials.map((trial) => {
    const at = levelOf(trial);
    const level = levels[at];
    if (!level || trial.loaded) return 0;
    if (!isMeasured) return level.cost ?? level.fidelity;
    const { sum, count } = timed[at]!;
    return secondsOf(trial) ?? (count > 0 ? sum / count : 0);
  });
}

function secondsOf(trial: Trial): number | undefined {
  const seconds = trial.state === 'complete' ? trial.metrics?.[secondsMetric] : undefined;
  return seconds !== undefined && seconds > 0 ? seconds : undefined;
}
