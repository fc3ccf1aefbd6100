/** A conversation about one study of a space: how it is opened and edited, and the answers to its requests. */
import {
  InvalidArgumentError,
  type LinearAlgebra,
  type Notes,
  OutOfSpaceError,
  type ParameterDescription,
  type Params,
  type SpaceDescription,
  type Storage,
  type Trial,
} from '@foothold/core';
import { spaceOf } from '@foothold/space';
import {
  createStudy,
  type PastTrial as LoadedTrial,
  type LocalStudy,
  type StudyChange,
  type StudyState,
  studyRecord,
} from '@foothold/study';
import type { Answer } from './answer.ts';
import { type LeaseRenewal, leaseRenewal } from './lease-renewal.ts';
import { outcomeOf } from './outcome-of.ts';
import { prunerNamed } from './pruner-named.ts';
import type { PastTrial, Request, RequestOf } from './request-schemas.ts';
import { samplerNamed } from './sampler-named.ts';
import { sourcesOf } from './sources-of.ts';

export interface StudyConversation {
  readonly study: LocalStudy;
  readonly renewal: LeaseRenewal;
  /** What made it. */
  readonly request: RequestOf<'create'>;
  readonly at: Opening;
}

export interface Opening {
  readonly name: string;
  readonly storage: Storage;
  /** Of the storage; absent in memory. */
  readonly address: string | undefined;
  /** Numbers of trials that the conversation has asked for and not told. */
  readonly holds?: readonly number[];
}

/** What every study of a session is made with. */
interface Surroundings {
  readonly linalg: () => Promise<LinearAlgebra>;
  readonly clock?: (() => number) | undefined;
  readonly program?: string | undefined;
  readonly studiesIn: (address: string) => Storage;
}

/** Opens the study that the request means. Throws what a stored study has against it. */
export async function openConversation(
  request: RequestOf<'create'>,
  at: Opening,
  by: Surroundings,
): Promise<StudyConversation> {
  const study = await studyOf(request, { ...at, ...by });
  await study.trial(0); // what a stored study has against this request is thrown here
  const renewal = leaseRenewal(study);
  for (const number of at.holds ?? []) renewal.began(number);
  return { study, renewal, request, at };
}

/** Edits the study; what changed, and the request that opens it as it is now. */
export async function edited(
  { study, request, at }: StudyConversation,
  change: RequestOf<'edit'>,
  clock: (() => number) | undefined,
) {
  const record = studyRecord(at.storage, study.name, { clock });
  const result = await record.edit(changeOf(change, await record.state()));
  const { space, goal } = await record.state();
  const next = { ...request, space, constraints: undefined, limits: goal?.constraints, cost: goal?.cost };
  return { result, next: next as RequestOf<'create'> };
}

/** The change that a request means, of a study that is so now. */
function changeOf(
  { space, constraints, values, limits, cost }: RequestOf<'edit'>,
  now: StudyState,
): StudyChange {
  if (constraints !== undefined && space === undefined)
    throw new InvalidArgumentError('constraints', constraints, 'given with the whole new space');
  const description = space && { ...space, ...(constraints && { $constraints: constraints }) };
  const goal = now.goal && {
    ...now.goal,
    ...(limits !== undefined && { constraints: limits }),
    ...(cost !== undefined && { cost }),
  };
  return { space: description as SpaceDescription | undefined, goal, values };
}

/** Seconds, as of `foothold tune`. */
const defaultLease = 120;

async function studyOf(
  request: RequestOf<'create'>,
  { name, storage, address, holds, linalg, clock, program, studiesIn }: Opening & Surroundings,
): Promise<LocalStudy> {
  const { space: description, constraints, lease } = request;
  if (lease !== undefined && !clock)
    throw new InvalidArgumentError('lease', lease, 'nothing: this conversation has no clock');
  // This process renews its leases also while an evaluation takes hours elsewhere.
  const seconds = lease ?? (clock && address !== undefined ? defaultLease : undefined);
  const space = spaceOf({
    ...(description as Record<string, ParameterDescription>),
    ...(constraints === undefined ? {} : { $constraints: constraints }),
  } as Parameters<typeof spaceOf>[0]);
  const { method, gated, metaFeatures, transfer = [] } = request;
  const sources = await sourcesOf(transfer, {
    storage: address,
    studiesIn,
    names: space.columns.map((column) => column.name),
  });
  return createStudy<Params>({
    space,
    sampler: await samplerNamed(request.sampler ?? 'auto', { sources, method, gated, metaFeatures, linalg }),
    name,
    pruner: request.pruner === undefined ? undefined : prunerNamed(request.pruner),
    ...(request.direction === undefined && request.objectives
      ? {}
      : { direction: request.direction ?? 'minimize' }),
    ...(request.objectives === undefined ? {} : { objectives: request.objectives }),
    ...(request.limits === undefined ? {} : { constraints: request.limits }),
    ...(request.cost === undefined ? {} : { cost: request.cost }),
    ...(request.repeat === undefined ? {} : { repeat: request.repeat }),
    seed: request.seed,
    trials: request.trials,
    storage,
    clock,
    program,
    lease: { ms: seconds && seconds * 1000, retries: request.retries, late: request.late, holds },
  });
}

/** The answer to a request about the study. */
export async function converse(
  { study, renewal }: StudyConversation,
  request: Exclude<Request, { op: 'create' | 'edit' }>,
  now: () => number,
): Promise<Answer> {
  switch (request.op) {
    case 'load':
      return { ok: true, loaded: await study.load(request.trials.map(pastTrial)) };
    case 'enqueue':
      await study.enqueue(request.params);
      return { ok: true };
    case 'ask': {
      const start = now();
      const { trials, refused } = await askFor(study, request);
      for (const { number } of trials) renewal.began(number);
      return {
        trials: trials.map(({ number, params, why }) => ({ number, params, ...(why ? { why } : {}) })),
        ...(refused === undefined ? {} : { refused }),
        ms: Math.round((now() - start) * 1000) / 1000,
      };
    }
    case 'report':
      return {
        ok: true,
        decision: await study.report(request.number, request.step, request.value, request.metrics),
      };
    case 'tell':
      await study.tell(request.number, outcomeOf(request), notesOf(request));
      renewal.ended(request.number);
      return { ok: true };
    case 'note': {
      await study.note(request.number, notesOf(request));
      return { ok: true, ...(await notesAt(study, request.number)) };
    }
    case 'best': {
      const best = await study.best();
      const front = study.goal.objectives ? { front: (await study.pareto()).map(shown) } : {};
      return { trial: best ? shown(best) : null, ...front };
    }
    case 'trials':
      return { trials: (await study.trials()).map(shown) };
  }
}

/**
 * As many trials as asked for; fewer where no more are to be had: what was given out is answered, the next ask says why.
 * `refused` says what was taken from the queue meanwhile, which no later ask would say.
 */
async function askFor(
  study: LocalStudy,
  { count = 1, fixed, ...request }: RequestOf<'ask'>,
): Promise<{ readonly trials: readonly Trial[]; readonly refused?: string }> {
  const trials: Trial[] = [];
  while (trials.length < count)
    try {
      trials.push(await study.ask({ fixed, ...notesOf(request) }));
    } catch (error) {
      if (trials.length === 0) throw error;
      return error instanceof OutOfSpaceError ? { trials, refused: error.message } : { trials };
    }
  return { trials };
}

function pastTrial(past: PastTrial): LoadedTrial {
  return { params: past.params, ...notesOf(past), ...outcomeOf(past) };
}

function notesOf({ attributes, note }: Notes): Notes {
  return { attributes, note };
}

/** The attributes and the note of a trial, or of the study without `number`. */
async function notesAt(study: LocalStudy, number: number | undefined): Promise<Notes> {
  if (number === undefined) return study.notes();
  const { attributes = {}, note } = (await study.trial(number))!;
  return { attributes, ...(note !== undefined && { note }) };
}

/** A trial without what is empty. */
function shown({ reports, why, ...trial }: Trial): Answer {
  return { ...trial, ...(reports.length > 0 ? { reports } : {}), ...(why ? { why } : {}) };
}
