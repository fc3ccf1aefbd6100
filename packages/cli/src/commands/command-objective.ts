import { InvalidArgumentError, type Outcome, type Params } from '@foothold/core';
import type { ObjectiveFunction, TrialContext } from '@foothold/study';
import { commandTemplate } from '../command-template.ts';
import type { BegunTrial } from '../progress.ts';
import type { OnReport } from '../reports/watched-reports.ts';
import { requireProgram } from '../require-program.ts';
import { runAndRead } from '../run-and-read.ts';
import { printable, withoutSecrets } from '../safe-text.ts';
import { UsageError } from '../usage-error.ts';

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
  /** A figure that is an accuracy by its name is refused: nobody has said that it is to be minimized. */
  readonly refuseAccuracy?: boolean | undefined;
  /** Reports that the program makes while it runs go to the study, whose pruner may end it. */
  readonly prune?: unknown;
  /** A figure beside the value that every complete trial needs, above 0. */
  readonly cost?: string | undefined;
  /** Gets the first figure that was read, and where it stood. */
  readonly onFirstReading?: ((reads: string) => void) | undefined;
}

/** Hears of each evaluation. */
export interface EvaluationWatcher {
  begin(trial: BegunTrial): unknown;
  left(number: number): void;
  note?(text: string): void;
}

/** Placeholders beside the parameters: the trial's number, and its index among the parallel ones. */
const extra = ['trial', 'slot'] as const;

/**
 * An objective that runs a command for each trial and reads the value from what it prints.
 *
 * A crash, the time limit or an output without a certain figure make a failed trial with the reason. The command finds the
 * parameters as JSON in FOOTHOLD_PARAMS too, the trial's number in FOOTHOLD_TRIAL, and in FOOTHOLD_SLOT its index among the
 * parallel ones, from 0. Throws InvalidArgumentError for a program that is not there, UsageError for a metric that
 * `refuseAccuracy` refuses.
 */
export function commandObjective(options: CommandOptions): ObjectiveFunction<Params> {
  const { names, metric, timeout, shell, refuseAccuracy, watcher } = options;
  const template = commandTemplate(options.run, names, { extra, shell });
  if (template.program !== undefined) requireProgram(template.program);
  if (refuseAccuracy && metric !== undefined && isAccuracy(metric))
    throw new UsageError(`${metric} is minimized when nothing is said: say ${wayOut(metric)}`);
  let first = true;
  return async (params, context): Promise<Outcome> => {
    const { number, slot, signal } = context;
    await watcher?.begin({ number, params, slot });
    // A parameter called `trial` or `slot` wins, also where it is not active.
    const beside = Object.entries({ trial: number, slot }).filter(([name]) => !names.includes(name));
    const { outcome, reads, name } = await runAndRead(
      template,
      { ...Object.fromEntries(beside), ...params },
      {
        metric,
        timeout,
        signal,
        onReport: options.prune === undefined ? undefined : recording(context, watcher),
        env: {
          FOOTHOLD_PARAMS: JSON.stringify(params),
          FOOTHOLD_TRIAL: String(number),
          FOOTHOLD_SLOT: String(slot),
        },
      },
    ).finally(() => watcher?.left(number));
    // An exception after an abort gives the trial back, so that the next run does it again.
    signal.throwIfAborted();
    if (refuseAccuracy && metric === undefined && name !== undefined && isAccuracy(name))
      return {
        state: 'failed',
        reason: `the output's figure is ${name}: the command line has to say ${wayOut(name)}`,
      };
    if (first && reads !== undefined) {
      first = false;
      options.onFirstReading?.(printable(withoutSecrets(reads)));
    }
    const { cost } = options;
    if (cost !== undefined && outcome.state === 'complete' && !((outcome.metrics?.[cost] ?? 0) > 0))
      return {
        state: 'failed',
        reason: `no ${cost} above 0 beside the value: a line with {"value": 0.5, "${cost}": 12}`,
      };
    return outcome.state === 'failed'
      ? { state: 'failed', reason: printable(withoutSecrets(outcome.reason)) }
      : outcome;
  };
}

/** Records reports in the study. One that the study refuses is passed over, with a note. */
function recording({ number, report }: TrialContext, watcher: EvaluationWatcher | undefined): OnReport {
  return async ({ step, value }) => {
    try {
      await report(step, value);
      return false;
    } catch (error) {
      if (error instanceof InvalidArgumentError) {
        watcher?.note?.(`trial ${number}: a report is passed over: ${error.message}`);
        return false;
      }
      // Pruned; or the study is out of reach, which `optimize` says when the program has ended.
      return true;
    }
  };
}

/** What a user should know about a command before it runs, a line each. */
export function commandNotes({
  run,
  names,
  shell,
}: Pick<CommandOptions, 'run' | 'names' | 'shell'>): readonly string[] {
  const { names: used, notes } = commandTemplate(run, names, { extra, shell });
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
