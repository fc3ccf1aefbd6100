import { clock } from '@foothold/app-small-to-large/clock';
import { bar, type Terminal } from '@foothold/app-small-to-large/terminal';
import type { Trial } from '@foothold/core';
import { bestOfValues, shortNumber } from '@foothold/viz';
import { armName } from './arms.ts';
import type { Search, SearchTrials } from './experiment.ts';
import { scoreOf } from './regret.ts';
import { taskName } from './tasks.ts';

export interface ProgressOptions {
  /** Evaluations of a search, and of all. */
  readonly evaluations: number;
  readonly total: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** What is spent so far, in words; empty where nothing is. */
  readonly spent: () => string;
}

export interface ExperimentDisplay {
  /** What an earlier run has made. */
  taken(searches: readonly SearchTrials[]): void;
  trial(search: Search, trial: Trial): void;
}

/** A live bar over all evaluations with the time left, and a line for each search that is done. */
export function progress(
  to: Terminal,
  { evaluations, total, now, spent }: ProgressOptions,
): ExperimentDisplay {
  const known = new Map<string, Trial[]>();
  let begun = now();
  let before = 0;
  let done = 0;
  return {
    taken(searches) {
      for (const search of searches) {
        known.set(nameOf(search), [...search.trials]);
        before += search.trials.length;
      }
      done = before;
      begun = now();
      if (before > 0) to.line(`${before} of ${total} evaluations are there from an earlier run.`);
    },
    trial(search, trial) {
      done++;
      const seen = known.get(nameOf(search)) ?? [];
      known.set(nameOf(search), seen);
      seen.push(trial);
      const left = clock(((now() - begun) / (done - before)) * (total - done));
      const best = bestOfValues(seen.map(scoreOf), search.task.direction).at(-1)!;
      const found = Number.isNaN(best) ? '–' : shortNumber(best);
      const about = `${nameOf(search)}, best ${found}${spent()}`;
      if (seen.length < evaluations)
        to.status(`${bar(done / total, 24)} ${done} of ${total}, ${left} left, ${about}`);
      else to.line(`${String(done).padStart(5)}/${total}, ${left} left: ${about}`);
    },
  };
}

const nameOf = ({ task, arm, repeat }: Search) => `${taskName(task)}, ${armName(arm)}, repeat ${repeat + 1}`;
