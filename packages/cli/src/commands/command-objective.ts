import type { Outcome, Params } from '@foothold/core';
import type { ObjectiveFunction } from '@foothold/study';
import { commandTemplate } from '../command-template.ts';
import { readOutcome } from '../read-outcome.ts';
import { requireProgram } from '../require-program.ts';
import { runProcess } from '../run-process.ts';
import { printable, withoutSecrets } from '../safe-text.ts';

export interface CommandOptions {
  readonly run: string;
  /** Names of the space's parameters. */
  readonly names: readonly string[];
  readonly metric?: string | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
  readonly shell?: boolean | undefined;
  /** Told when each evaluation begins, and when it has ended in whatever way. */
  readonly watcher?: EvaluationWatcher | undefined;
}

export interface EvaluationWatcher {
  begin(trial: { readonly number: number; readonly params: Params }): unknown;
  left(number: number): void;
}

/**
 * An objective that runs a command for each trial and reads the value from what it prints.
 *
 * A crash, the time limit or an output without a number make a failed trial with the reason. The command finds the parameters as
 * JSON in FOOTHOLD_PARAMS too, the trial's number in FOOTHOLD_TRIAL, and in FOOTHOLD_SLOT its place among the parallel ones, from
 * 0. Throws InvalidArgumentError for a program that is not there.
 */
export function commandObjective({
  run,
  names,
  metric,
  timeout,
  shell,
  watcher,
}: CommandOptions): ObjectiveFunction<Params> {
  const template = commandTemplate(run, names, ['trial', 'slot']);
  if (!shell) requireProgram(template.program);
  return async (params, { number, slot, signal }): Promise<Outcome> => {
    await watcher?.begin({ number, params });
    // null is no value: its argument is taken away like that of an inactive parameter.
    const given = Object.entries(params).filter(([, value]) => value !== null);
    const values = { trial: number, slot, ...Object.fromEntries(given) };
    const env = {
      FOOTHOLD_PARAMS: JSON.stringify(params),
      FOOTHOLD_TRIAL: String(number),
      FOOTHOLD_SLOT: String(slot),
    };
    const { stdout, failure } = await runProcess(
      shell ? { shell: template.shellLine(values) } : template.argv(values),
      { timeout, signal, env },
    ).finally(() => watcher?.left(number));
    // An exception after an abort gives the trial back, so that the next run does it again.
    signal.throwIfAborted();
    if (failure !== undefined) return { state: 'failed', reason: failure };
    const outcome = readOutcome(stdout, metric);
    return outcome.state === 'failed'
      ? { state: 'failed', reason: printable(withoutSecrets(outcome.reason)) }
      : outcome;
  };
}
