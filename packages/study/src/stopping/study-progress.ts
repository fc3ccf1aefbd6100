import { type CompleteTrial, figureOf, type Goal, type Params, type Study, type Trial } from '@foothold/core';
import { bestTrial } from '../goal.ts';
import type { StudyProgress } from './stop-rule.ts';

/** Follows a study: each call returns its progress now, at the price of the trials that ended since the last one. */
export function progressOf<P extends Params>(study: Study<P>, goal: Goal): () => Promise<StudyProgress<P>> {
  const next = newlyEnded(study);
  const isEnded: boolean[] = [];
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
  return async () => {
    for (const trial of await next()) add(trial);
    return { goal, ended, best, sinceBest, cost, trials: () => study.trials() };
  };
}

/** The trials that ended since the last call. */
function newlyEnded<P extends Params>(study: Study<P>): () => Promise<readonly Trial<P>[]> {
  let count = 0;
  const seen = new Map<number, Trial['state']>();
  return async () => {
    if (study.ended) {
      const trials = await study.ended(count);
      count += trials.length;
      return trials;
    }
    const trials = (await study.trials()).filter(
      ({ state, number }) => state !== 'running' && seen.get(number) !== state,
    );
    for (const { number, state } of trials) seen.set(number, state);
    return trials;
  };
}
