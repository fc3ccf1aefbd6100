import type { DeletedTrial, Params, Trial } from '@foothold/core';

/** The trials of a fold: those that count, in order of their numbers, and those that were deleted. */
export interface CountedTrials<P extends Params> {
  /** Those that count. Changes in place; while none is deleted, a trial stands at its number. */
  readonly all: Trial<P>[];
  /** The others, by number. Changes in place. */
  readonly deleted: Map<number, DeletedTrial<P>>;
  /** How many numbers were given. */
  count(): number;
  /** The trial of this number; undefined where there is none, or it is deleted. */
  at(number: number): Trial<P> | undefined;
  /** Adds the trial of the next number. */
  add(trial: Trial<P>): void;
  /** Puts the trial in place of the one of its number, which counts. */
  set(trial: Trial<P>): void;
  /** Puts the trial in place of the deleted one of its number. */
  setDeleted(trial: DeletedTrial<P>): void;
  /** Takes a trial out of those that count. */
  delete(trial: DeletedTrial<P>): void;
  /** Puts a deleted trial back. */
  restore(trial: Trial<P>): void;
  /** The function that it returns takes back every change since. Both cost as the changes do, not as the trials. */
  kept(): () => void;
}

/** The trials of a fold that begins with these, which are changed in place. */
export function countedTrials<P extends Params>(
  all: Trial<P>[],
  deleted: Map<number, DeletedTrial<P>>,
): CountedTrials<P> {
  const missing = [...deleted.keys()].sort((a, b) => a - b);
  /** What takes each change back since `kept`, in the order of the changes. */
  let inverses: (() => void)[] | undefined;
  /** The deleted ones in their order when the first of them was restored since `kept`, and those that were deleted since. */
  let order: readonly number[] | undefined;
  const { indexOf, leave, enter } = moves(all, deleted, missing);
  const set = (trial: Trial<P>) => {
    const index = indexOf(trial.number);
    const before = all[index]!;
    inverses?.push(() => {
      all[index] = before;
    });
    all[index] = trial;
  };
  const setDeleted = (trial: DeletedTrial<P>) => {
    const before = deleted.get(trial.number)!;
    inverses?.push(() => deleted.set(trial.number, before));
    deleted.set(trial.number, trial);
  };
  return {
    all,
    deleted,
    count: () => all.length + deleted.size,
    at: (number) => (deleted.has(number) ? undefined : all[indexOf(number)]),
    add: (trial) => {
      inverses?.push(() => all.pop());
      all.push(trial);
    },
    set,
    setDeleted,
    delete: (trial) => {
      const before = all[indexOf(trial.number)]!;
      inverses?.push(() => enter(before));
      leave(trial);
    },
    restore: (trial) => {
      if (inverses) {
        order ??= [...deleted.keys()];
        const of = deleted.get(trial.number)!;
        inverses.push(() => leave(of));
      }
      enter(trial);
    },
    kept: () => {
      inverses = [];
      order = undefined;
      return () => {
        for (const inverse of inverses?.reverse() ?? []) inverse();
        inverses = undefined;
        if (order) inOrder(deleted, order);
      };
    },
  };
}

/** Gives a map the order of these keys, which are all of its own and may be more. */
function inOrder<V>(map: Map<number, V>, keys: readonly number[]): void {
  const values = new Map(map);
  map.clear();
  for (const key of keys) if (values.has(key)) map.set(key, values.get(key)!);
}

/** Where a trial stands among those that count, and how it goes from those that count to the deleted ones, and back; `missing` are the numbers of the latter, sorted. */
function moves<P extends Params>(all: Trial<P>[], deleted: Map<number, DeletedTrial<P>>, missing: number[]) {
  const indexOf = (number: number) => number - countBelow(missing, number);
  return {
    indexOf,
    leave(trial: DeletedTrial<P>): void {
      const { number } = trial;
      all.splice(indexOf(number), 1);
      missing.splice(countBelow(missing, number), 0, number);
      deleted.set(number, trial);
    },
    enter(trial: Trial<P>): void {
      const { number } = trial;
      missing.splice(countBelow(missing, number), 1);
      deleted.delete(number);
      all.splice(indexOf(number), 0, trial);
    },
  };
}

/** How many of the sorted numbers are smaller, by bisection. */
function countBelow(numbers: readonly number[], number: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
