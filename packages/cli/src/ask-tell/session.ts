import {
  InvalidArgumentError,
  type LinearAlgebra,
  type Notes,
  OptimizationError,
  OutOfSpaceError,
  type ParameterDescription,
  type Params,
  type SpaceDescription,
  type Storage,
  type Trial,
  TrialStateError,
} from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { spaceOf } from '@foothold/space';
import {
  createStudy,
  type PastTrial as LoadedTrial,
  type LocalStudy,
  memoryStorage,
  type StudyChange,
  type StudyState,
  studyRecord,
} from '@foothold/study';
import { samplerNamed } from '../sampler-named.ts';
import { sourcesOf } from '../sources-of.ts';
import { studiesIn } from '../studies-in.ts';
import type { Answer } from './answer.ts';
import { type LeaseRenewal, leaseRenewal } from './lease-renewal.ts';
import type { MatrixConversation } from './matrix-conversation.ts';
import { outcomeOf } from './outcome-of.ts';
import { type PastTrial, type Request, type RequestOf, requestOf } from './request.ts';

/** One conversation: a `create` starts a study and makes it the current one; every other request is for that one. */
export interface AskTellSession {
  /** Answers one line. Never rejects: what is wrong comes back as `{"error": …}` and has changed nothing. */
  answer(line: string): Promise<Answer>;
  /** Renews no lease any more. */
  end(): void;
}

export interface AskTellOptions {
  /** Milliseconds of any clock, for the `ms` of an ask. */
  readonly now: () => number;
  /** Milliseconds since 1970, such as `Date.now`: for the times of events, and needed for `lease`. */
  readonly clock?: (() => number) | undefined;
  /** The program that makes the suggestions, with its version, for the logs of studies. */
  readonly program?: string | undefined;
  /** Where a study is kept that has a name and says no storage of its own: an address. Absent: in memory. */
  readonly storage?: string | undefined;
}

/**
 * A conversation without a study: a `create` comes first. It throws nothing: `answer` gives every error as `{"error": …}`, with the
 * typed error's name as its `code`.
 */
export function askTellSession({ now, clock, program, storage }: AskTellOptions): AskTellSession {
  let current: StudyConversation | MatrixConversation | undefined;
  let created = 0;
  // One backend for all studies of the conversation: its machine code is compiled once.
  let opened: Promise<LinearAlgebra> | undefined;
  const linalg = () => {
    opened ??= wasm();
    return opened;
  };

  const storageOf = (request: RequestOf<'create'>) =>
    request.storage ?? (request.name === undefined ? undefined : storage);
  const end = () => {
    if (current && 'renewal' in current) current.renewal.stop();
  };
  /** Makes the study the current one. */
  const open = async (request: RequestOf<'create'>, of: Opening) => {
    const study = await studyOf(request, { ...of, linalg, clock, program });
    await study.trials(); // what a stored study has against this request is thrown here
    end();
    const renewal = leaseRenewal(study);
    for (const number of of.holds ?? []) renewal.began(number);
    current = { study, renewal, request, at: of };
  };
  const edit = async (of: StudyConversation, change: RequestOf<'edit'>): Promise<Answer> => {
    const { study, renewal, request, at } = of;
    const record = studyRecord(at.storage, study.name, { clock });
    const result = await record.edit(changeOf(change, await record.state()));
    const { space, goal } = await record.state();
    const next = { ...request, space, constraints: undefined, limits: goal?.constraints, cost: goal?.cost };
    await open(next as RequestOf<'create'>, { ...at, holds: renewal.numbers() });
    return { ok: true, ...result };
  };
  const create = async (request: RequestOf<'create'>): Promise<Answer> => {
    const name = request.name ?? `study-${created + 1}`;
    const { matrix, space } = request;
    if ((matrix === undefined) === (space === undefined))
      throw new InvalidArgumentError('space', space, 'a space of parameters, or a matrix, and not both');
    if (matrix) {
      refuseBesideMatrix(request);
      const { matrixConversation } = await import('./matrix-conversation.ts');
      const next = matrixConversation({ ...request, matrix }, now);
      end();
      current = next;
    } else {
      const address = storageOf(request);
      await open(request, {
        name,
        storage: address === undefined ? memoryStorage() : studiesIn(address),
        address,
      });
    }
    created++;
    return { ok: true, study: name };
  };
  const handle = async (request: Request): Promise<Answer> => {
    if (request.op === 'create') return create(request);
    if (!current) throw new InvalidArgumentError('op', request.op, 'create, as the first request');
    if ('answer' in current) return current.answer(request);
    return request.op === 'edit' ? edit(current, request) : converse(current, request, now);
  };
  return {
    end,
    answer: async (line) => {
      try {
        return await handle(requestOf(line));
      } catch (error) {
        return { error: described(error) };
      }
    },
  };
}

interface StudyConversation {
  readonly study: LocalStudy;
  readonly renewal: LeaseRenewal;
  /** What made it. */
  readonly request: RequestOf<'create'>;
  readonly at: Opening;
}

interface Opening {
  readonly name: string;
  readonly storage: Storage;
  /** Of the storage; absent in memory. */
  readonly address: string | undefined;
  /** Numbers of trials that the conversation has asked for and not told. */
  readonly holds?: readonly number[];
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

/** What a study of a space takes and a matrix does not. */
function refuseBesideMatrix(request: RequestOf<'create'>): void {
  for (const [member, value] of Object.entries(request))
    if (!['op', 'matrix', 'seed', 'name'].includes(member))
      throw new InvalidArgumentError(member, value, 'nothing: with a matrix only seed and name go');
}

async function studyOf(
  request: RequestOf<'create'>,
  {
    name,
    storage,
    address,
    holds,
    linalg,
    clock,
    program,
  }: Opening & { readonly linalg: () => Promise<LinearAlgebra> } & Pick<AskTellOptions, 'clock' | 'program'>,
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
    names: space.columns.map((column) => column.name),
  });
  return createStudy<Params>({
    space,
    sampler: await samplerNamed(request.sampler ?? 'auto', { sources, method, gated, metaFeatures, linalg }),
    name,
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

async function converse(
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
      return { ok: true, decision: await study.report(request.number, request.step, request.value) };
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

function described(error: unknown): Answer {
  if (error instanceof OptimizationError)
    return {
      code: error.name,
      message: error.message,
      retry: error.retry,
      ...(error instanceof TrialStateError ? { number: error.number, from: error.from, to: error.to } : {}),
    };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'InternalError', message, retry: false };
}
