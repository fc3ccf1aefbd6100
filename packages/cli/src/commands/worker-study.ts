import type { Direction, Json, Objective, Params } from '@foothold/core';
import { plannedTrials, prunerNamed, prunerOfFlag, samplerNamed, samplerOfLog } from '@foothold/protocol';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import {
  type ConfiguredSampler,
  refuseBeyondBudget,
  type SharedStudy,
  type StudyState,
  sharedStudy,
  studyRecord,
  type TrainingBudget,
} from '@foothold/study';
import { objectivesOfFlags, refusePruner } from '../objective-flags.ts';
import { programName } from '../program-name.ts';
import { readSpace } from '../read-space.ts';
import { studiesIn } from '../studies-in.ts';
import { type Training, trainingOfFlags } from '../training/training-of-flags.ts';
import { UsageError } from '../usage-error.ts';
import { type FoundStudy, foundStudy } from './study-changes.ts';

/** What `foothold worker` says of the study and of how its trials are evaluated. */
export interface WorkerStudyOptions {
  readonly storage: string;
  readonly name: string;
  readonly run?: string;
  readonly module?: string;
  readonly space?: string;
  readonly trials?: number | undefined;
  readonly sampler?: string;
  readonly direction?: Direction;
  readonly seed?: number;
  /** False: none, whatever the study has. */
  readonly metric?: string | false;
  readonly objective?: readonly string[];
  readonly cost?: string;
  readonly prune?: string;
  /** False: not, whatever the study has. */
  readonly shell?: boolean;
  /** NAME:MAX: trials are pieces of training. */
  readonly fidelity?: string | undefined;
  readonly checkpointDir?: string | undefined;
  /** What all pieces may cost together, instead of `trials`. */
  readonly budget?: number | undefined;
  readonly acceptCommand?: boolean;
  readonly retryFailed?: boolean;
}

/** A line with what the study keeps of earlier ones where this one leaves it out. */
export type CompletedLine = Omit<WorkerStudyOptions, 'metric'> & { readonly metric: string | undefined };

export interface WorkerStudy {
  readonly line: CompletedLine;
  readonly shared: SharedStudy;
  readonly space: ParameterSpace;
  readonly objectives: readonly Objective[] | undefined;
  readonly direction: Direction;
  /** How many in all, or what they may cost together where they are pieces of training. */
  readonly trials: number | TrainingBudget;
  readonly training: Training | undefined;
  readonly found: FoundStudy;
}

/**
 * The study of the line: that of the storage, or a new one. Throws UsageError where there is none and the line lacks what makes one, and
 * where the line says something else than the study; what `createStudy` throws comes with the first call.
 */
export async function workerStudy(given: WorkerStudyOptions): Promise<WorkerStudy> {
  const { storage, name } = given;
  const before = await studyRecord(studiesIn(storage), name, { clock: () => Date.now() }).state();
  const options = withKept(given, before);
  const { training, space } = await trainingAndSpace(options, before);
  const direction = options.direction ?? before.goal?.direction ?? 'minimize';
  const trials = training ?? options.trials;
  if (trials === undefined) throw withoutTrials(name);
  const objectives =
    options.objective === undefined
      ? before.goal?.objectives
      : objectivesOfFlags({ ...options, objective: options.objective, direction });
  if (options.prune !== undefined) refusePruner(prunerOfFlag(options.prune), objectives?.length ?? 1);
  const found = await foundStudy(
    name,
    {
      ...{
        space: space.description,
        direction,
        objectives,
        seed: options.seed,
        facts: factsOf(options, training),
      },
      ...{ takesFrom: false, fidelity: training?.fidelity },
    },
    options,
  );
  const shared = sharedStudy<Params>({
    ...{ space, direction, objectives, name },
    ...(training
      ? { fidelity: training.fidelity, refuseNewTrial: (state) => refuseBeyondBudget(state.trials, training) }
      : { trials: options.trials }),
    constraints: before.goal?.constraints,
    cost: options.cost ?? before.goal?.cost,
    sampler: await samplerOfLine(options, before, training),
    pruner: options.prune === undefined ? undefined : prunerNamed(prunerOfFlag(options.prune)),
    storage: studiesIn(storage),
    seed: options.seed ?? before.created?.seed ?? 0,
    clock: () => Date.now(),
    program: programName(),
  });
  return { line: options, shared, space, objectives, direction, trials, training, found };
}

function withoutTrials(name: string): UsageError {
  return new UsageError(`--trials is missing: nothing says how many trials ${name} is to have`);
}

/** What the line and the study say of training in pieces, and the parameters, with the fidelity where there is one. */
async function trainingAndSpace(options: CompletedLine, before: StudyState) {
  const { trials, budget, name } = options;
  const configurations = await spaceOfLine(options, before);
  if (options.fidelity !== undefined && trials === undefined && budget === undefined)
    throw withoutTrials(name);
  const training = trainingOfFlags(
    { ...options, trials: trials ?? 1, trialsGiven: trials !== undefined },
    configurations,
  );
  return { training, space: (training?.space ?? configurations) as ParameterSpace };
}

function factsOf(
  { run, module, metric, shell, prune, trials, sampler, checkpointDir }: CompletedLine,
  training: Training | undefined,
) {
  const worker = {
    ...(prune !== undefined && { prune }),
    ...(training ? { budget: training.budget } : trials !== undefined && { trials }),
    ...(sampler !== undefined && { sampler }),
    ...(checkpointDir !== undefined && { checkpointDir }),
  };
  return { run: run ?? `module ${module}`, metric, shell, worker };
}

function withKept({ metric: given, ...options }: WorkerStudyOptions, before: StudyState): CompletedLine {
  const { metric, shell, worker } = before.facts ?? {};
  const { prune, trials: first, sampler, ...ofPieces } = (worker ?? {}) as Readonly<Record<string, unknown>>;
  const trials = plannedTrials(before) ?? first;
  return {
    metric: given === false ? undefined : (given ?? (typeof metric === 'string' ? metric : undefined)),
    ...(shell === true && { shell }),
    ...(typeof prune === 'string' && { prune }),
    ...(typeof trials === 'number' && { trials }),
    // Once a trial was asked for, the log has the sampler with its options.
    ...(typeof sampler === 'string' && !before.configured && { sampler }),
    ...(before.goal?.fidelity && keptTraining(options, { ...before, ofPieces })),
    ...options,
  };
}

/** What the study keeps of its training in pieces, where the line has nothing else. */
function keptTraining(
  { trials, budget }: WorkerStudyOptions,
  {
    goal,
    configured,
    ofPieces: { budget: first, checkpointDir },
  }: Pick<StudyState, 'goal' | 'configured'> & { readonly ofPieces: Readonly<Record<string, unknown>> },
): Pick<WorkerStudyOptions, 'fidelity' | 'budget' | 'checkpointDir'> {
  const { name, max } = goal!.fidelity!;
  const { options } = (configured?.sampler ?? {}) as ConfiguredSampler;
  const last = (options as { readonly budget?: unknown } | undefined)?.budget ?? first;
  const isGiven = trials !== undefined || budget !== undefined;
  return {
    fidelity: `${name}:${max}`,
    ...(typeof last === 'number' && !isGiven && { budget: last }),
    ...(typeof checkpointDir === 'string' && { checkpointDir }),
  };
}

/** The parameters without the fidelity. */
async function spaceOfLine({ space, name, storage }: CompletedLine, before: StudyState) {
  if (space !== undefined) return readSpace(space);
  if (before.space) {
    const { [before.goal?.fidelity?.name ?? '']: _, ...configurations } = before.space;
    return spaceOf(configurations);
  }
  throw new UsageError(
    before.created
      ? `the log of ${name} does not describe its space: --space has to say it`
      : `there is no study ${name} in ${storage}: --space and --trials make one`,
  );
}

function samplerOfLine(
  { sampler }: CompletedLine,
  { created, configured }: StudyState,
  training: Training | undefined,
) {
  if (sampler !== undefined || !created || configured?.sampler === undefined) {
    const { fidelity, budget } = training ?? {};
    return samplerNamed(sampler ?? 'auto', { sources: [], fidelity, budget });
  }
  const { plannedTrials: _, ...ofLog } = configured.sampler as ConfiguredSampler & { plannedTrials?: number };
  const within = training && {
    options: { ...(ofLog.options as { readonly [key: string]: Json }), budget: training.budget },
  };
  return samplerOfLog(
    { ...ofLog, ...within },
    { sources: [], by: 'foothold worker', advice: 'name a --sampler' },
  );
}
