import {
  InvalidArgumentError,
  type Objective,
  type Outcome,
  type Params,
  type Report,
  type TrainingPiece,
} from '@foothold/core';
import { comparedBy, type PrunerName, prunerOfFlag } from '@foothold/protocol';
import type { CheckpointFolders, ObjectiveFunction, TrialContext } from '@foothold/study';
import { commandTemplate } from '../command-template.ts';
import { isAccuracy } from '../is-accuracy.ts';
import { llmKeyVariable } from '../language-model/llm-key-variable.ts';
import { furtherNames } from '../objective-flags.ts';
import { lastLines } from '../output/last-lines.ts';
import { underWantedNames } from '../output/wanted-names.ts';
import type { BegunTrial } from '../progress.ts';
import type { OnReports } from '../reports/watched-reports.ts';
import { requireProgram } from '../require-program.ts';
import { runAndRead } from '../run-and-read.ts';
import { printable, withoutSecrets } from '../safe-text.ts';
import {
  trainingEnvironment,
  trainingPlaceholders,
  trainingValues,
} from '../training/training-placeholders.ts';
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
  /** Reports that the program makes while it runs go to the study, whose pruner this is and may end it; a text is one of `--prune`. */
  readonly prune?: PrunerName | undefined;
  /** Figures beside the value that every complete trial needs. */
  readonly objectives?: readonly Objective[] | undefined;
  /** Another one, which has to be above 0. */
  readonly cost?: string | undefined;
  /** How many of the last lines that the program prints are kept with its trial. Default: none. */
  readonly keepOutput?: number | undefined;
  /** Environment variable that holds the key of a language model, which the program does not get. FOOTHOLD_LLM_KEY is held back always. */
  readonly keyEnv?: string | undefined;
  /** More variables of the environment for the program of each slot. */
  readonly env?: ((slot: number) => Readonly<Record<string, string>>) | undefined;
  /** Trials are pieces of training, with folders for their checkpoints where they have such. Their reports go to the study. */
  readonly training?: PiecesOfTraining | undefined;
  /** Gets the first figure that was read, and where it stood. */
  readonly onFirstReading?: ((reads: string) => void) | undefined;
}

/** How pieces of training are run. */
export interface PiecesOfTraining {
  /** Name of the parameter that says how far. */
  readonly name: string;
  readonly folders?: CheckpointFolders | undefined;
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
 * parallel ones, from 0; where trials are pieces of training also FOOTHOLD_FROM, FOOTHOLD_TO, FOOTHOLD_CONFIGURATION and
 * FOOTHOLD_CHECKPOINT. Throws InvalidArgumentError for a program that is not there, UsageError for a metric that
 * `refuseAccuracy` refuses.
 */
export function commandObjective(options: CommandOptions): ObjectiveFunction<Params> {
  const { names, metric, timeout, shell, refuseAccuracy, watcher } = options;
  const template = commandTemplate(options.run, names, { extra: extraOf(options), shell });
  if (template.program !== undefined) requireProgram(template.program);
  if (refuseAccuracy && metric !== undefined && isAccuracy(metric))
    throw new UsageError(`${metric} is minimized when nothing is said: say ${wayOut(metric)}`);
  let first = true;
  return async (params, context): Promise<Outcome> => {
    const { number, slot, signal, piece } = context;
    const folder = piece && (await folderOf(piece, params, options));
    const checkpoint = folder?.path;
    await watcher?.begin({ number, params, slot });
    // A parameter called `trial` or `slot` wins, also where it is not active.
    const beside = Object.entries({
      ...{ trial: number, slot },
      ...trainingValues(piece, checkpoint),
    }).filter(([name]) => !names.includes(name));
    const further = furtherFigures(options);
    const printed = options.keepOutput ? lastLines(options.keepOutput) : undefined;
    const {
      outcome: read,
      reads,
      name,
    } = await runAndRead(
      template,
      { ...Object.fromEntries(beside), ...params },
      {
        metric,
        timeout,
        signal,
        metrics: further,
        onOutput: printed?.add,
        onReports:
          options.prune === undefined && !options.training
            ? undefined
            : recording(context, { watcher, needed: comparedIn(options) }),
        env: { ...environmentOf(options, params, context), ...trainingEnvironment(piece, checkpoint) },
      },
    ).finally(() => watcher?.left(number));
    // An exception after an abort gives the trial back, so that the next run does it again.
    signal.throwIfAborted();
    const output = printed?.lines() ?? [];
    // A value is not lost for it: where the study is out of reach, the tell says so.
    if (output.length > 0) await context.note({ output }).catch(() => undefined);
    if (refuseAccuracy && metric === undefined && name !== undefined && isAccuracy(name))
      return {
        state: 'failed',
        reason: `the output's figure is ${name}: the command line has to say ${wayOut(name)}`,
      };
    if (first && reads !== undefined) {
      first = false;
      options.onFirstReading?.(printable(withoutSecrets(reads)));
    }
    const outcome = withFigures(read, options);
    if (outcome.state === 'complete') await folder?.keep();
    return outcome.state === 'failed'
      ? { state: 'failed', reason: printable(withoutSecrets(outcome.reason)) }
      : outcome;
  };
}

/** The folder of a piece, where pieces have such. */
function folderOf(piece: TrainingPiece, params: Params, { training }: CommandOptions) {
  if (!training?.folders) return undefined;
  const { [training.name]: _, ...configuration } = params;
  return training.folders.prepared(piece, configuration);
}

/** Variables of the environment beside those of this process; undefined ones are held back. */
function environmentOf(
  { env, keyEnv }: CommandOptions,
  params: Params,
  { number, slot }: TrialContext,
): Readonly<Record<string, string | undefined>> {
  return {
    ...env?.(slot),
    [llmKeyVariable]: undefined,
    ...(keyEnv !== undefined && { [keyEnv]: undefined }),
    FOOTHOLD_PARAMS: JSON.stringify(params),
    FOOTHOLD_TRIAL: String(number),
    FOOTHOLD_SLOT: String(slot),
  };
}

/** Names of the figures beside the value that its pruner needs in a report. */
function comparedIn({ prune, objectives }: CommandOptions): readonly string[] {
  if (prune === undefined) return [];
  const pruner = typeof prune === 'string' ? prunerOfFlag(prune) : prune;
  return comparedBy(pruner) === 'objectives' ? furtherNames(objectives) : [];
}

/** Names of the figures beside the value that the study looks at. */
function furtherFigures(options: CommandOptions): readonly string[] {
  return [...furtherNames(options.objectives), ...(options.cost === undefined ? [] : [options.cost])];
}

/** A complete outcome with the further figures under their names; a failed one where one is missing. */
function withFigures(outcome: Outcome, options: CommandOptions): Outcome {
  if (outcome.state !== 'complete') return outcome;
  const metrics = underWantedNames(outcome.metrics ?? {}, furtherFigures(options));
  const missing = furtherNames(options.objectives).find((name) => !Object.hasOwn(metrics, name));
  if (missing !== undefined)
    return {
      state: 'failed',
      reason: `no ${missing} beside the value: a line with {"${options.metric ?? 'value'}": 0.5, "${missing}": 12}`,
    };
  const { cost } = options;
  if (cost !== undefined && !((metrics[cost] ?? 0) > 0))
    return {
      state: 'failed',
      reason: `no ${cost} above 0 beside the value: a line with {"value": 0.5, "${cost}": 12}`,
    };
  return { ...outcome, ...(outcome.metrics && { metrics }) };
}

/** Records reports in the study. One that the study refuses is passed over, with a note. */
function recording(
  { number, reportAll }: TrialContext,
  by: { readonly watcher: EvaluationWatcher | undefined; readonly needed: readonly string[] },
): OnReports {
  const note = (text: string) => by.watcher?.note?.(`trial ${number}: ${text}`);
  let isNoted = false;
  const noteMissing = ({ metrics = {} }: Report) => {
    const missing = by.needed.find((name) => !Object.hasOwn(metrics, name));
    if (missing === undefined || isNoted) return;
    isNoted = true;
    note(`a report without ${missing} does not end it`);
  };
  return async (reports) => {
    for (const report of reports) noteMissing(report);
    try {
      const answers = await reportAll(reports);
      const end = answers.indexOf('prune');
      for (const answer of end < 0 ? answers : answers.slice(0, end))
        if (answer instanceof InvalidArgumentError) note(`a report is passed over: ${answer.message}`);
      return end;
    } catch {
      // The study is out of reach, which `optimize` says when the program has ended.
      return 0;
    }
  };
}

/** What a user should know about a command before it runs, a line each. */
export function commandNotes({
  run,
  names,
  shell,
  training,
}: Pick<CommandOptions, 'run' | 'names' | 'shell' | 'training'>): readonly string[] {
  const { names: used, notes } = commandTemplate(run, names, { extra: extraOf({ training }), shell });
  const unread = names
    .filter((name) => !used.has(name) && !(name === training?.name && used.has('to')))
    .map((name) => `{${name}}`);
  const pieces = training ? ['from', ...(training.folders ? ['checkpoint'] : [])] : [];
  const missing = pieces.filter((name) => !used.has(name)).map((name) => `FOOTHOLD_${name.toUpperCase()}`);
  return [
    ...notes,
    ...(unread.length === 0
      ? []
      : [`the command has no ${unread.join(', ')}: it has to read FOOTHOLD_PARAMS for them`]),
    ...(missing.length === 0 ? [] : [`where a piece begins stands in ${missing.join(', ')}`]),
  ];
}

function extraOf({ training }: Pick<CommandOptions, 'training'>): readonly string[] {
  return training ? trainingPlaceholders : extra;
}

function wayOut(name: string): string {
  return `--direction maximize, or --direction minimize where a smaller ${name} is meant`;
}
