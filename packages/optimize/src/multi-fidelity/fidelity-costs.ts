import type { DeletedTrial, Params, Trial } from '@foothold/core';
import type { CostBudget } from '@foothold/samplers';
import { type LocalStudy, oneByOne } from '@foothold/study';

/** The metric that holds what an evaluation took, where costs are measured. */
export const secondsMetric = 'seconds';

export interface FidelityCostOptions {
  /** The cheapest first. */
  readonly fidelities: readonly number[];
  /** A cost for each fidelity, or undefined to measure. */
  readonly given: readonly number[] | undefined;
  readonly levelOf: (trial: Trial) => number;
  /** Cost of all evaluations together. */
  readonly budget: number;
}

/** What the trials of one fidelity say of its cost. */
interface Tally {
  /** Trials that are no loaded ones: those that cost something. */
  own: number;
  /** Those of them that say how long they took, and the seconds of these. */
  ownTimed: number;
  ownSeconds: number;
  /** The same with loaded ones. */
  timed: number;
  seconds: number;
}

/**
 * The cost of an evaluation at each fidelity, what was spent and what is left. Measured costs are the mean seconds of a
 * fidelity; one that was not evaluated yet costs as much per unit as the others, and before anything is known a tenth of the
 * budget at the target fidelity.
 */
export function fidelityCosts(trials: readonly Trial[], options: FidelityCostOptions): CostBudget {
  const tallies = newTallies(options);
  for (const trial of trials) add(tallies[options.levelOf(trial)]!, trial, 1);
  return budgetOf(tallies, options);
}

/**
 * `fidelityCosts` of a study as it goes on: a call costs what the trials do that ended since the last one, and those that run,
 * however long the study is.
 */
export function runningCosts<P extends Params>(
  study: Pick<LocalStudy<P>, 'ended' | 'running'>,
  options: FidelityCostOptions,
): () => Promise<CostBudget> {
  const tallies = newTallies(options);
  /** Failed trials may be evaluated again: each counts once. */
  const failed = new Map<number, Trial>();
  let count = 0;
  const now = async () => {
    const ended = (await study.ended(count)) as readonly (Trial | DeletedTrial)[];
    count += ended.length;
    for (const trial of ended) {
      const before = failed.get(trial.number);
      if (before) add(tallies[options.levelOf(before)]!, before, -1);
      if (trial.state === 'deleted') {
        if (!before) takeDeleted(tallies, trial, options);
        failed.delete(trial.number);
        continue;
      }
      add(tallies[options.levelOf(trial)]!, trial, 1);
      if (trial.state === 'failed') failed.set(trial.number, trial);
      else failed.delete(trial.number);
    }
    const withRunning = tallies.map((tally) => ({ ...tally }));
    for (const trial of (await study.running()) as readonly Trial[])
      if (!failed.has(trial.number)) add(withRunning[options.levelOf(trial)]!, trial, 1);
    return budgetOf(withRunning, options);
  };
  const inTurn = oneByOne();
  return () => inTurn(now);
}

function newTallies({ fidelities }: FidelityCostOptions): Tally[] {
  return fidelities.map(() => ({ own: 0, ownTimed: 0, ownSeconds: 0, timed: 0, seconds: 0 }));
}

/** Takes away what a trial cost that was counted and is deleted now. */
function takeDeleted(
  tallies: Tally[],
  { outcome, ...trial }: DeletedTrial,
  options: FidelityCostOptions,
): void {
  const before = { ...trial, ...outcome! };
  add(tallies[options.levelOf(before)]!, before, -1);
}

/** Adds a trial, or with −1 takes it away again. */
function add(tally: Tally, trial: Trial, sign: 1 | -1): void {
  const seconds = secondsOf(trial);
  if (seconds !== undefined) {
    tally.timed += sign;
    tally.seconds += sign * seconds;
  }
  if (trial.loaded) return;
  tally.own += sign;
  if (seconds === undefined) return;
  tally.ownTimed += sign;
  tally.ownSeconds += sign * seconds;
}

function budgetOf(tallies: readonly Tally[], { fidelities, given, budget }: FidelityCostOptions): CostBudget {
  const costs = given ?? measured(tallies, { fidelities, budget });
  const spent = tallies.map(({ own, ownTimed, ownSeconds }, level) =>
    given ? own * costs[level]! : ownSeconds + (own - ownTimed) * costs[level]!,
  );
  return { costs, spent, remaining: spent.reduce((left, cost) => left - cost, budget) };
}

function measured(
  tallies: readonly Tally[],
  { fidelities, budget }: Pick<FidelityCostOptions, 'fidelities' | 'budget'>,
): number[] {
  const rates = tallies.flatMap(({ seconds, timed }, t) =>
    timed > 0 ? [seconds / timed / fidelities[t]!] : [],
  );
  const rate =
    rates.length > 0 ? rates.reduce((a, b) => a + b, 0) / rates.length : budget / 10 / fidelities.at(-1)!;
  return tallies.map(({ seconds, timed }, t) => (timed > 0 ? seconds / timed : rate * fidelities[t]!));
}

function secondsOf(trial: Trial): number | undefined {
  const found = trial.state === 'complete' ? trial.metrics?.[secondsMetric] : undefined;
  return found !== undefined && found > 0 ? found : undefined;
}
