import { InvalidArgumentError, type Storage } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { storageOf } from '@foothold/optimize';
import { memoryStorage } from '@foothold/study';
import type { Answer } from './answer.ts';
import { converse } from './converse.ts';
import { describedError } from './described-error.ts';
import type { MatrixConversation } from './matrix-conversation.ts';
import { requestOf } from './request.ts';
import type { Request, RequestOf } from './request-schemas.ts';
import { edited, type Opening, openConversation, type StudyConversation } from './study-conversation.ts';

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
  /** Opens the storage at an address. Default: `storageOf`. */
  readonly studiesIn?: ((address: string) => Storage) | undefined;
}

/**
 * A conversation without a study: a `create` comes first. It throws nothing: `answer` gives every error as `{"error": …}`, with the
 * typed error's name as its `code`.
 */
export function askTellSession({
  now,
  clock,
  program,
  storage,
  studiesIn = storageOf,
}: AskTellOptions): AskTellSession {
  let current: StudyConversation | MatrixConversation | undefined;
  let created = 0;
  // One backend for all studies of the conversation: its machine code is compiled once.
  const linalg = once(() => wasm());
  const addressOf = (request: RequestOf<'create'>) =>
    request.storage ?? (request.name === undefined ? undefined : storage);
  /** Makes the study the current one. */
  const open = async (request: RequestOf<'create'>, of: Opening) => {
    const next = await openConversation(request, of, { linalg, clock, program, studiesIn });
    stopRenewal(current);
    current = next;
  };
  const edit = async (of: StudyConversation, change: RequestOf<'edit'>): Promise<Answer> => {
    const { result, next } = await edited(of, change, clock);
    await open(next, { ...of.at, holds: of.renewal.numbers() });
    return { ok: true, ...result };
  };
  const create = async (request: RequestOf<'create'>): Promise<Answer> => {
    const name = request.name ?? `study-${created + 1}`;
    const { matrix } = request;
    refuseBoth(request);
    if (matrix) {
      const { matrixConversation } = await import('./matrix-conversation.ts');
      const next = matrixConversation({ ...request, matrix }, now);
      stopRenewal(current);
      current = next;
    } else {
      const address = addressOf(request);
      const studies = address === undefined ? memoryStorage() : studiesIn(address);
      await open(request, { name, storage: studies, address });
    }
    created++;
    return { ok: true, study: name };
  };
  const handle = async (request: Request): Promise<Answer> => {
    if (request.op === 'create') return create(request);
    if (!current) throw new InvalidArgumentError('op', request.op, 'create, as the first request');
    if ('answer' in current) return current.answer(request);
    return request.op === 'edit' ? edit(current, request) : converse(current, request, { now });
  };
  return {
    end: () => stopRenewal(current),
    answer: async (line) => {
      try {
        return await handle(requestOf(line));
      } catch (error) {
        return { error: describedError(error) };
      }
    },
  };
}

/** Ends the renewal of leases, where the conversation has one. */
function stopRenewal(conversation: StudyConversation | MatrixConversation | undefined): void {
  if (conversation && 'renewal' in conversation) conversation.renewal.stop();
}

/** The function, called at most once. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Throws InvalidArgumentError unless there is a space or a matrix, and beside a matrix nothing that only a space takes. */
function refuseBoth(request: RequestOf<'create'>): void {
  const { matrix, space } = request;
  if ((matrix === undefined) === (space === undefined))
    throw new InvalidArgumentError('space', space, 'a space of parameters, or a matrix, and not both');
  if (!matrix) return;
  for (const [member, value] of Object.entries(request))
    if (!['op', 'matrix', 'seed', 'name'].includes(member))
      throw new InvalidArgumentError(member, value, 'nothing: with a matrix only seed and name go');
}
