import type { Direction, Objective, Params } from '@foothold/core';
import { plannedTrials, prunerNamed, prunerOfFlag, samplerNamed, samplerOfLog } from '@foothold/protocol';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import {
  type ConfiguredSampler,
  type SharedStudy,
  type StudyState,
  sharedStudy,
  studyRecord,
} from '@foothold/study';
import { objectivesOfFlags, refusePruner } from '../objective-flags.ts';
import { programName } from '../program-name.ts';
import { readSpace } from '../read-space.ts';
import { studiesIn } from '../studies-in.ts';
import { UsageError } from '../usage-error.ts';
import { type FoundStudy, foundStudy } from './study-changes.ts';

/** What `foothold worker` says of the study and of how its trials are evaluated. */
export interface WorkerStudyOptions {
  readonly storage: string;
  readonly name: string;
  readonly run?: string;
  readonly module?: string;
  readonly space?: string;
  readonly trials?: number;
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
  readonly trials: number;
  readonly found: FoundStudy;
}

/**
 * The study of the line: that of the storage, or a new one. Throws UsageError where there is none and the line lacks what makes one, and
 * where the line says something else than the study; what `createStudy` throws comes with the first call.
 */
export async function workerStudy(given: WorkerStudyOptions): Promise<WorkerStudy> {
  const { storage, name } = given;
  const before = await studyRecord(studiesIn(storage), name, { clock: () => Date.now() }).state();
  if (before.goal?.fidelity)
    throw new UsageError(
      `${name} trains its configurations in pieces: foothold tune --fidelity evaluates it, with --concurrency or on several machines that share --checkpoint-dir`,
    );
  const options = withKept(given, before);
  const space = await spaceOfLine(options, before);
  const direction = options.direction ?? before.goal?.direction ?? 'minimize';
  const { trials } = options;
  if (trials === undefined)
    throw new UsageError(`--trials is missing: nothing says how many trials ${name} is to have`);
  const objectives =
    options.objective === undefined
      ? before.goal?.objectives
      : objectivesOfFlags({ ...options, objective: options.objective, direction });
  if (options.prune !== undefined) refusePruner(prunerOfFlag(options.prune), objectives?.length ?? 1);
  const found = await foundStudy(
    name,
    {
      ...{ space: space.description, direction, objectives, seed: options.seed, facts: factsOf(options) },
      takesFrom: false,
    },
    options,
  );
  const shared = sharedStudy<Params>({
    ...{ space, direction, objectives, name, trials },
    constraints: before.goal?.constraints,
    cost: options.cost ?? before.goal?.cost,
    sampler: await samplerOfLine(options, before),
    pruner: options.prune === undefined ? undefined : prunerNamed(prunerOfFlag(options.prune)),
    storage: studiesIn(storage),
    seed: options.seed ?? before.created?.seed ?? 0,
    clock: () => Date.now(),
    program: programName(),
  });
  return { line: options, shared, space, objectives, direction, trials, found };
}

function factsOf({ run, module, metric, shell, prune, trials, sampler }: CompletedLine) {
  const worker = {
    ...(prune !== undefined && { prune }),
    ...(trials !== undefined && { trials }),
    ...(sampler !== undefined && { sampler }),
  };
  return { run: run ?? `module ${module}`, metric, shell, worker };
}

function withKept({ metric: given, ...options }: WorkerStudyOptions, before: StudyState): CompletedLine {
  const { metric, shell, worker } = before.facts ?? {};
  const { prune, trials: first, sampler } = (worker ?? {}) as Readonly<Record<string, unknown>>;
  const trials = plannedTrials(before) ?? first;
  return {
    metric: given === false ? undefined : (given ?? (typeof metric === 'string' ? metric : undefined)),
    ...(shell === true && { shell }),
    ...(typeof prune === 'string' && { prune }),
    ...(typeof trials === 'number' && { trials }),
    // Once a trial was asked for, the log has the sampler with its options.
    ...(typeof sampler === 'string' && !before.configured && { sampler }),
    ...options,
  };
}

async function spaceOfLine({ space, name, storage }: CompletedLine, before: StudyState) {
  if (space !== undefined) return readSpace(space);
  if (before.space) return spaceOf(before.space);
  throw new UsageError(
    before.created
      ? `the log of ${name} does not describe its space: --space has to say it`
      : `there is no study ${name} in ${storage}: --space and --trials make one`,
  );
}

function samplerOfLine({ sampler }: CompletedLine, { created, configured }: StudyState) {
  if (sampler !== undefined || !created || configured?.sampler === undefined)
    return samplerNamed(sampler ?? 'auto', { sources: [] });
  const { plannedTrials: _, ...ofLog } = configured.sampler as ConfiguredSampler & { plannedTrials?: number };
  return samplerOfLog(ofLog, { sources: [], by: 'foothold worker', advice: 'name a --sampler' });
}
