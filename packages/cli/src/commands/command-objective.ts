import type { Outcome, Params } from '@foothold/core';
import type { ObjectiveFunction } from '@foothold/study';
import { commandTemplate } from '../command-template.ts';
import { requireProgram } from '../require-program.ts';
import { runAndRead } from '../run-and-read.ts';
import { UsageError } from '../usage-error.ts';

export interface CommandOptions {
  readonly run: string;
  /** Names of the space's parameters. */
  readonly names: readonly string[];
  readonly metric?: string | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
  readonly shell?: boolean | undefined;
  /** A figure that is an accuracy by its name is refused: nobody has said that it is to be minimized. */
  readonly refuseAccuracy?: boolean | undefined;
  /** Gets the first figure that was read, and where it stood. */
  readonly onFirstReading?: ((reads: string) => void) | undefined;
}

/**
 * An objective that runs a command for each trial and reads the value from what it prints.
 *
 * A crash, the time limit or an output without a certain figure make a failed trial with the reason. The command finds the parameters
 * as JSON in FOOTHOLD_PARAMS too, and the trial's number in FOOTHOLD_TRIAL. Throws InvalidArgumentError for a program that is not
 * there, UsageError for a metric that `refuseAccuracy` refuses.
 */
export function commandObjective(options: CommandOptions): ObjectiveFunction<Params> {
  const { metric, timeout, shell, refuseAccuracy } = options;
  const template = commandTemplate(options.run, options.names, { shell });
  if (template.program !== undefined) requireProgram(template.program);
  if (refuseAccuracy && metric !== undefined && isAccuracy(metric))
    throw new UsageError(`${metric} is minimized when nothing is said: say ${wayOut(metric)}`);
  let first = true;
  return async (params, { number, signal }): Promise<Outcome> => {
    // A parameter called `trial` wins, also where it is not active.
    const values = options.names.includes('trial') ? params : { ...params, trial: number };
    const { outcome, reads, name } = await runAndRead(template, values, {
      metric,
      timeout,
      signal,
      env: { FOOTHOLD_PARAMS: JSON.stringify(params), FOOTHOLD_TRIAL: String(number) },
    });
    // An exception after an abort gives the trial back, so that the next run does it again.
    signal.throwIfAborted();
    if (refuseAccuracy && metric === undefined && name !== undefined && isAccuracy(name))
      return {
        state: 'failed',
        reason: `the output's figure is ${name}: the command line has to say ${wayOut(name)}`,
      };
    if (first && reads !== undefined) {
      first = false;
      options.onFirstReading?.(reads);
    }
    return outcome;
  };
}

/** What a user should know about a command before it runs, a line each. */
export function commandNotes({
  run,
  names,
  shell,
}: Pick<CommandOptions, 'run' | 'names' | 'shell'>): readonly string[] {
  const { names: used, notes } = commandTemplate(run, names, { shell });
  const unread = names.filter((name) => !used.has(name)).map((name) => `{${name}}`);
  return unread.length === 0
    ? notes
    : [...notes, `the command has no ${unread.join(', ')}: it has to read FOOTHOLD_PARAMS for them`];
}

/** Figures of which the larger is the better one, by name. */
function isAccuracy(name: string): boolean {
  return /(?:^|[^a-z0-9])(?:acc|accuracy|auc|auroc|f1|r2|bleu|reward)$/i.test(name);
}

function wayOut(name: string): string {
  return `--direction maximize, or --direction minimize where a smaller ${name} is meant`;
}
