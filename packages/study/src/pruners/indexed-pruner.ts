import type { Goal, Pruner, PruningIndex, Trial } from '@foothold/core';

/** A pruner that is given by its index alone: its `prune` fills an empty one. */
export function indexedPruner(index: (goal: Goal) => PruningIndex): Pruner {
  return {
    index,
    prune: (trial, others, goal) => {
      const memory = index(goal);
      for (const other of others) observe(memory, other);
      observe(memory, trial);
      return memory.prune(trial);
    },
  };
}

/** The index of any pruner; of one that has none, one that calls `prune` with all trials. */
export function indexOf(pruner: Pruner, goal: Goal): PruningIndex {
  if (pruner.index) return pruner.index(goal);
  const trials = new Map<number, Trial>();
  const keep = (trial: Trial) => {
    trials.set(trial.number, trial);
  };
  return {
    reported: keep,
    ended: keep,
    restarted: keep,
    prune: (trial) => pruner.prune(trial, othersIn(trials, trial.number), goal),
  };
}

/** Lets an index know a trial that it has not heard of. */
export function observe(index: PruningIndex, trial: Trial): void {
  for (const report of trial.reports) index.reported(trial, report);
  if (trial.state !== 'running') index.ended(trial);
}

function* othersIn(trials: ReadonlyMap<number, Trial>, number: number): Generator<Trial> {
  for (const key of [...trials.keys()].sort((a, b) => a - b)) if (key !== number) yield trials.get(key)!;
}
