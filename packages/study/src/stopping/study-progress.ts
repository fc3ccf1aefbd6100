import { type CompleteTrial, figureOf, type Goal, type Params, type Study, type Trial } from '@foothold/core';
import { bestTrial } from '../goal.ts';
import type { StudyProgress } from './stop-rule.ts';

/** Follows a study: each call returns its progress now, at the price of the trials that ended since the last one. */
export function progressOf<P extends Params>(study: Study<P>, goal: Goal): () => Promise<StudyProgress<P>> {
  const next = newlyEnded(study);
  let isEnded: boolean[] = [];
  const costs = new Map<number, number>();
  let [ended, cost, sinceBest] = [0, 0, 0];
  let best: CompleteTrial<P> | undefined;
  const add = (trial: Trial<P>) => {
    const { number } = trial;
    if (!isEnded[number]) {
      isEnded[number] = true;
      ended++;
      if (best && number > best.number) sinceBest++;
    }
    if (trial.state !== 'complete') return;
    if (goal.cost !== undefined && !trial.loaded && !costs.has(number)) {
      const own = figureOf(trial, goal.cost);
      costs.set(number, own);
      if (Number.isFinite(own)) cost += own;
    }
    const two: readonly Trial<P>[] = best ? (best.number < number ? [best, trial] : [trial, best]) : [trial];
    const winner = bestTrial(two, goal);
    if (winner === best) return;
    best = winner;
    sinceBest = 0;
    for (let k = (best?.number ?? 0) + 1; k < isEnded.length; k++) if (isEnded[k]) sinceBest++;
  };
  /** Begins again: what was counted of a trial that is deleted now is not known by itself. */
  const addAll = (trials: readonly Trial<P>[]) => {
    isEnded = [];
    costs.clear();
    [ended, cost, sinceBest] = [0, 0, 0];
    best = undefined;
    for (const trial of trials) if (trial.state !== 'running') add(trial);
  };
  return async () => {
    const newer = await next();
    if (newer.includes('deleted')) addAll(await study.trials());
    else for (const trial of newer as readonly Trial<P>[]) if (trial.state !== 'running') add(trial);
    return { goal, ended, best, sinceBest, cost, trials: () => study.trials() };
  };
}

/** The trials that ended since the last call, and 'deleted' where one was deleted that had ended before. */
function newlyEnded<P extends Params>(study: Study<P>): () => Promise<readonly (Trial<P> | 'deleted')[]> {
  let count = 0;
  const seen = new Map<number, Trial['state']>();
  return async () => {
    if (study.ended) {
      const trials = await study.ended(count);
      count += trials.length;
      return trials.map((trial) => (trial.state === 'deleted' ? 'deleted' : trial));
    }
    const all = await study.trials();
    const numbers = new Set(all.map(({ number }) => number));
    const isDeleted = [...seen.keys()].some((number) => !numbers.has(number) && seen.delete(number));
    const trials = all.filter(({ state, number }) => state !== 'running' && seen.get(number) !== state);
    for (const { number, state } of trials) seen.set(number, state);
    return isDeleted ? [...trials, 'deleted'] : trials;
  };
}
