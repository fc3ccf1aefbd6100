import type { Outcome, Params } from '@foothold/core';
import type { ObjectiveFunction } from '@foothold/study';
import { commandTemplate } from '../command-template.ts';
import { readOutcome } from '../read-outcome.ts';
import { requireProgram } from '../require-program.ts';
import { runProcess } from '../run-process.ts';

export interface CommandOptions {
  readonly run: string;
  /** Names of the space's parameters. */
  readonly names: readonly string[];
  readonly metric?: string | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
  readonly shell?: boolean | undefined;
}

/**
 * An objective that runs a command for each trial and reads the value from what it prints.
 *
 * A crash, the time limit or an output without a number make a failed trial with the reason. The command finds the parameters as
 * JSON in FOOTHOLD_PARAMS too, and the trial's number in FOOTHOLD_TRIAL. Throws InvalidArgumentError for a program that is not there.
 */
export function commandObjective({
  run,
  names,
  metric,
  timeout,
  shell,
}: CommandOptions): ObjectiveFunction<Params> {
  const template = commandTemplate(run, names);
  if (!shell) requireProgram(template.program);
  return async (params, { number, signal }): Promise<Outcome> => {
    // null is no value: its argument is taken away like that of an inactive parameter.
    const given = Object.entries(params).filter(([, value]) => value !== null);
    const values = { ...Object.fromEntries(given), trial: number };
    const { stdout, failure } = await runProcess(
      shell ? { shell: template.shellLine(values) } : template.argv(values),
      { timeout, signal, env: { FOOTHOLD_PARAMS: JSON.stringify(params), FOOTHOLD_TRIAL: String(number) } },
    );
    // An exception after an abort gives the trial back, so that the next run does it again.
    signal.throwIfAborted();
    return failure === undefined ? readOutcome(stdout, metric) : { state: 'failed', reason: failure };
  };
}
