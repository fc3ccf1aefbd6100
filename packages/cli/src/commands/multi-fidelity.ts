import { InvalidArgumentError, type Params } from '@foothold/core';
import { learningRateShift, type MultiFidelityResult, multiFidelity } from '@foothold/optimize';
import type { ParameterSpace } from '@foothold/space';
import { type FidelityProgress, fidelityProgress } from '../fidelity-progress.ts';
import { readSpace } from '../read-space.ts';
import type { RunOptions } from '../run-options.ts';
import { studiesIn } from '../studies-in.ts';
import { short, trialInFull } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';
import { workerOptions } from '../worker-options.ts';
import { commandNotes, commandObjective } from './command-objective.ts';
import { reasonOf, sayStopped } from './ended-run.ts';
import { failureLimit } from './failure-limit.ts';
import { stopNote } from './stop-note.ts';
import { type Stoppable, stoppable } from './stoppable.ts';
import { type FoundStudy, foundStudy } from './study-changes.ts';
import { studyName } from './study-name.ts';
import { refuseUnwritable, writeReport } from './write-report.ts';

export interface MultiFidelityCommandOptions extends RunOptions {
  readonly space: string;
  readonly run?: string;
  /** Fidelities separated by commas. */
  readonly fidelities: string;
  /** Costs separated by commas, or 'measured'. */
  readonly costs?: string;
  readonly budget?: number;
  /** Absent: `fidelity`. */
  readonly fidelityName?: string;
  readonly lrShift?: string;
  /** These five go without `--fidelities`. */
  readonly small?: string;
  readonly large?: string;
  readonly from?: readonly string[];
  readonly smallTrials?: number;
  readonly largeTrials?: number;
}

/** `foothold small-to-large --fidelities …`: one command at several fidelities, resumable between any two trials. Throws as `tune` does. */
export function multiFidelityCommand(options: MultiFidelityCommandOptions): Promise<void> {
  return stoppable((run) => multiFidelityWith(options, run), options);
}

async function multiFidelityWith(options: MultiFidelityCommandOptions, run: Stoppable): Promise<void> {
  const { direction } = options;
  const checkedOptions = checked(options);
  const { command, budget, fidelities, fidelityName } = checkedOptions;
  const space = await readSpace(options.space);
  const named = namesOf(space, options, checkedOptions);
  commandObjective({ ...options, run: command, names: named.names });
  const meant = { direction, seed: options.seed, facts: { ...options, run: command }, takesFrom: false };
  const found = await foundStudy(named.name, meant, options);
  const progress = fidelityProgress(process.stderr, {
    read: found.record.state,
    budget,
    direction,
    earlier: found.state.trials,
    last: { index: fidelities.length - 1, parameter: fidelityName, value: fidelities.at(-1)! },
    now: () => Date.now(),
  });
  const ending = stopNote(found.record);
  for (const line of found.notes) progress.note(line);
  progress.note(`study ${named.name} in ${options.storage}`);
  for (const note of commandNotes({ run: command, names: named.names, shell: options.shell }))
    progress.note(note);
  const begin: FidelityProgress['begin'] = async (trial) => {
    await found.remember();
    await ending.begin();
    progress.begin(trial);
  };
  const result = await evaluated(
    { options, checkedOptions, space, named, found, progress: { ...progress, begin } },
    run,
  ).finally(progress.end);
  await ending.end(reasonOf(run.reason()) ?? 'the budget is spent');
  if (options.report && (await found.record.state()).created) {
    const { name } = named;
    const path = await writeReport(options.report, { title: name, names: [name], storage: options.storage });
    progress.note(`report: ${path}`);
  }
  sayStopped(run.reason(), progress.note);
  if (!result) return;
  write(result, { name: named.name, json: options.json ?? false });
}

interface Named {
  /** Of the study. */
  readonly name: string;
  /** Of the parameters, and of the fidelity. */
  readonly names: readonly string[];
}

/** The names of the study and of the placeholders. Throws InvalidArgumentError where a parameter has the fidelity's name. */
function namesOf(
  space: ParameterSpace,
  { name, direction, metric, seed = 0 }: MultiFidelityCommandOptions,
  { command, fidelities, fidelityName }: Checked,
): Named {
  const own = space.columns.map((column) => column.name);
  if (own.includes(fidelityName))
    throw new InvalidArgumentError(
      '--fidelity-name',
      fidelityName,
      'a name that no parameter of the space has',
    );
  const facts = [space.description, fidelities, fidelityName, direction, metric, seed];
  return { name: name ?? studyName(command, facts), names: [...own, fidelityName] };
}

/** The result of all evaluations; undefined where the run was stopped before there was one. */
async function evaluated(
  {
    options,
    checkedOptions,
    space,
    named,
    found,
    progress,
  }: {
    readonly options: MultiFidelityCommandOptions;
    readonly checkedOptions: Checked;
    readonly space: ParameterSpace;
    readonly named: Named;
    readonly found: FoundStudy;
    readonly progress: FidelityProgress;
  },
  run: Stoppable,
): Promise<MultiFidelityResult<Params> | undefined> {
  const { budget, fidelities, fidelityName, costs, measured } = checkedOptions;
  const objective = objectiveOf({ options, checkedOptions, named, progress });
  const shiftOf = shifts(options.lrShift, fidelities.at(-1)!);
  const hasComplete = found.state.trials.some(({ state }) => state === 'complete');
  const limit = failureLimit({ max: options.maxFailures, hasComplete });
  return multiFidelity<Params>({
    space,
    evaluate: (params, context) => objective({ ...params, [fidelityName]: context.fidelity }, context),
    budget,
    direction: options.direction,
    seed: options.seed ?? found.state.created?.seed ?? 0,
    signal: run.signal,
    name: named.name,
    concurrency: options.concurrency,
    fidelityName,
    ...workerOptions(options),
    ...(measured && { costs: 'measured' as const }),
    fidelities: fidelities.map((fidelity, i) => ({
      fidelity,
      ...(costs && { cost: costs[i]! }),
      ...shiftOf(fidelity),
    })),
    storage: studiesIn(options.storage),
    onTrial: (trial, fidelity) => {
      progress.trial(trial, fidelity);
      const message = limit.ended(trial);
      if (message !== undefined) run.stop({ why: 'failures', message });
    },
  }).catch((error: unknown) => {
    if (run.signal.aborted) return undefined;
    throw error;
  });
}

function objectiveOf({
  options,
  checkedOptions,
  named,
  progress,
}: {
  readonly options: MultiFidelityCommandOptions;
  readonly checkedOptions: Checked;
  readonly named: Named;
  readonly progress: FidelityProgress;
}) {
  return commandObjective({
    ...options,
    run: checkedOptions.command,
    names: named.names,
    refuseAccuracy: options.directionGiven === false && options.direction === 'minimize',
    onFirstReading: (reads) => progress.note(`reads ${reads}`),
    watcher: progress,
  });
}

type Checked = ReturnType<typeof checked>;

/** The options that `--fidelities` needs. Throws UsageError and InvalidArgumentError for others, and for what is missing. */
function checked(options: MultiFidelityCommandOptions) {
  const { run: command, budget, fidelityName = 'fidelity' } = options;
  for (const [option, value] of Object.entries({
    '--small': options.small,
    '--large': options.large,
    '--from': options.from,
    '--small-trials': options.smallTrials,
    '--large-trials': options.largeTrials,
  }))
    if (value !== undefined) throw new UsageError(`${option} goes without --fidelities`);
  refuseUnwritable('--report', options.report);
  if (command === undefined)
    throw new InvalidArgumentError(
      '--run',
      command,
      `a command, with {${fidelityName}} where the fidelity goes`,
    );
  if (budget === undefined)
    throw new InvalidArgumentError('--budget', budget, 'the cost of all evaluations together');
  const fidelities = numbers('--fidelities', options.fidelities);
  const measured = options.costs === 'measured';
  const costs = options.costs === undefined || measured ? undefined : numbers('--costs', options.costs);
  if (costs && costs.length !== fidelities.length)
    throw new InvalidArgumentError('--costs', options.costs, `${fidelities.length} numbers, or measured`);
  return { command, budget, fidelities, fidelityName, costs, measured };
}

function write(
  { best, fidelities, spent }: MultiFidelityResult<Params>,
  { name, json }: { readonly name: string; readonly json: boolean },
): void {
  if (json) {
    const facts = fidelities.map(({ fidelity, cost, spent: of, trials, best: top }) => ({
      fidelity,
      cost,
      spent: of,
      trials: trials.length,
      best: top ?? null,
    }));
    process.stdout.write(`${JSON.stringify({ study: name, best, spent, fidelities: facts })}\n`);
    return;
  }
  for (const { name: fidelity, trials, spent: of } of fidelities)
    process.stdout.write(`fidelity ${fidelity}: ${trials.length} trials, cost ${short(of)}\n`);
  process.stdout.write(`best value ${trialInFull(best, `, fidelity ${fidelities.at(-1)!.name}`)}\n`);
}

function numbers(option: string, text: string): readonly number[] {
  const found = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!found.every((value) => value > 0 && value < Infinity))
    throw new InvalidArgumentError(option, text, 'numbers above 0, separated by commas');
  return found;
}

/** The shift for a fidelity that is a width, from `lr` or `lr:-0.5`. */
function shifts(text: string | undefined, toWidth: number) {
  const [parameter = '', power = '-1'] = text?.split(':') ?? [];
  return (fromWidth: number) =>
    text === undefined || fromWidth === toWidth
      ? {}
      : { shift: learningRateShift({ parameter, fromWidth, toWidth, exponent: Number(power) }) };
}
