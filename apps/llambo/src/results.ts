import { type Arm, armName } from './arms.ts';
import type { SearchTrials } from './experiment.ts';
import { type AverageRegret, averageRegrets, normalizedRegrets, rangeOf, scoreOf } from './regret.ts';
import { type Task, taskName } from './tasks.ts';

export interface RegretOfSearch extends SearchTrials {
  /** Normalized regret after each trial. */
  readonly regrets: readonly number[];
}

export interface ArmResult {
  readonly arm: Arm;
  /** Averages after each evaluation. */
  readonly regrets: readonly AverageRegret[];
  readonly spent: Spent;
}

/** What a language model did for the searches of an arm. */
export interface Spent {
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cost: number;
  /** Trials for which the model was wanted and gave nothing. */
  readonly failures: number;
}

/** The comparisons that are whole: a task and a repeat that every arm has searched to the end. */
export function wholeComparisons(
  searches: readonly SearchTrials[],
  evaluations: number,
): readonly SearchTrials[] {
  const keyOf = ({ task, repeat }: SearchTrials) => `${taskName(task)} ${repeat}`;
  const open = new Set(searches.filter(({ trials }) => trials.length < evaluations).map(keyOf));
  return searches.filter((search) => !open.has(keyOf(search)));
}

/** Regrets of each search, by the range of its task's values over all of these searches. */
export function regretsOf(searches: readonly SearchTrials[]): readonly RegretOfSearch[] {
  const tasks = new Map<Task, number[]>();
  for (const { task, trials } of searches)
    tasks.set(task, [...(tasks.get(task) ?? []), ...trials.map(scoreOf)]);
  return searches.map((search) => {
    const { direction } = search.task;
    const range = rangeOf(tasks.get(search.task)!, direction) ?? { best: 0, worst: 0 };
    const values = search.trials.map(scoreOf);
    return { ...search, regrets: normalizedRegrets(values, { range, direction }) };
  });
}

export function resultsOf(searches: readonly RegretOfSearch[]): readonly ArmResult[] {
  const arms = new Map<string, RegretOfSearch[]>();
  for (const search of searches) {
    const name = armName(search.arm);
    arms.set(name, [...(arms.get(name) ?? []), search]);
  }
  return [...arms.values()].map((own) => ({
    arm: own[0]!.arm,
    regrets: averageRegrets(own.map(({ regrets }) => regrets)),
    spent: own.flatMap(({ trials }) => trials.map(spentOn)).reduce(sum, nothing),
  }));
}

const nothing: Spent = { calls: 0, promptTokens: 0, completionTokens: 0, cost: 0, failures: 0 };

const sum = (a: Spent, b: Spent): Spent => ({
  calls: a.calls + b.calls,
  promptTokens: a.promptTokens + b.promptTokens,
  completionTokens: a.completionTokens + b.completionTokens,
  cost: a.cost + b.cost,
  failures: a.failures + b.failures,
});

/** What the trial's `why` says of the model: that of `llambo` itself, `why.adviser` of other samplers. */
export function spentOn({ why }: SearchTrials['trials'][number]): Spent {
  const note = (why?.['adviser'] ?? why ?? {}) as {
    readonly calls?: number;
    readonly tokens?: { readonly prompt: number; readonly completion: number };
    readonly cost?: number;
    readonly failure?: string;
  };
  return {
    calls: note.calls ?? 0,
    promptTokens: note.tokens?.prompt ?? 0,
    completionTokens: note.tokens?.completion ?? 0,
    cost: note.cost ?? 0,
    failures: note.failure === undefined ? 0 : 1,
  };
}
