import { commandObjective } from '@foothold/cli';
import { InvalidArgumentError, type Params } from '@foothold/core';
import type { ObjectiveFunction, TrialContext } from '@foothold/study';
import { datasets } from './datasets.ts';
import { type Task, taskName } from './tasks.ts';

export interface ObjectiveOptions {
  /** The command without its flags `--learner` and `--dataset`. */
  readonly command: string;
  /** Seconds of an evaluation. */
  readonly timeout: number;
  /** Environment variable with the key of the language model, which the command does not get. */
  readonly keyEnv?: string | undefined;
}

/** Runs the command for each trial, which finds the hyperparameters in FOOTHOLD_PARAMS and prints `value` in a JSON line. */
export function objectiveOf(
  task: Task,
  { command, timeout, keyEnv }: ObjectiveOptions,
): ObjectiveFunction<Params> {
  const names = Object.keys(task.card.hyperparameters);
  return commandObjective({ run: lineOf(task, command), names, metric: 'value', timeout, keyEnv });
}

/**
 * Asks the command for the facts of each dataset. Throws InvalidArgumentError with its message where it fails, and where any fact is missing or not
 * the one of the task cards: a model would be told something else than what is trained on.
 */
export async function checkObjective(
  tasks: readonly Task[],
  { command, timeout, keyEnv }: ObjectiveOptions,
  signal: AbortSignal,
): Promise<void> {
  const firstOfEach = new Map(tasks.map((task) => [task.dataset, task]));
  for (const task of firstOfEach.values()) {
    const run = `${lineOf(task, command)} --facts`;
    const outcome = await commandObjective({ run, names: [], metric: 'samples', timeout, keyEnv })(
      {},
      context(signal),
    );
    const refused = (why: string) =>
      new InvalidArgumentError('--objective', command, `a command that trains ${taskName(task)} (${why})`);
    if (typeof outcome === 'number' || !('value' in outcome))
      throw refused(typeof outcome === 'object' && 'reason' in outcome ? outcome.reason : 'no facts');
    const found: Readonly<Record<string, number>> = { samples: outcome.value, ...outcome.metrics };
    for (const [name, expected] of Object.entries(datasets[task.dataset]))
      if (!isSame(name, found[name], expected ?? undefined))
        throw refused(`its ${name} are ${found[name]}, those of the card ${expected}`);
  }
}

/** Of three digits. The last one may differ: libraries add in other orders. */
const rounded: ReadonlySet<string> = new Set(['least_scale', 'largest_scale', 'median_skewness']);

function isSame(name: string, found: number | undefined, expected: number | undefined): boolean {
  if (found === undefined || expected === undefined || !rounded.has(name)) return found === expected;
  const lastDigit = 10 ** (Math.floor(Math.log10(Math.abs(expected))) - 2);
  return Math.abs(found - expected) < 1.5 * lastDigit;
}

const lineOf = ({ learner, dataset }: Task, command: string) =>
  `${command} --learner ${learner} --dataset ${dataset}`;

/** Of an evaluation that belongs to no study. */
const context = (signal: AbortSignal): TrialContext => ({
  ...{ number: 0, slot: 0, signal },
  report: async () => undefined,
  reportAll: async () => [],
  note: async () => undefined,
});
