import { InvalidArgumentError, type LinearAlgebra, type Storage } from '@foothold/core';
import { memoryStorage } from '@foothold/study';
import type { Answer } from './answer.ts';
import { conversationOwner } from './conversation-owner.ts';
import { converse } from './converse.ts';
import { idlePreparation } from './idle-preparation.ts';
import type { MatrixConversation } from './matrix-conversation.ts';
import type { OperationTurns } from './operation-turns.ts';
import type { Request, RequestOf } from './request-schemas.ts';
import { edited, type Opening, openConversation, type StudyConversation } from './study-conversation.ts';

/** A `create` starts a study and makes it the current one; every other request is for that one. */
export interface Conversation {
  /** Rejects with what is wrong; nothing has changed then. */
  answer(request: Exclude<Request, { op: 'end' }>): Promise<Answer>;
  /** Begins the suggestion of the next ask, where the last requests left something new for it. */
  prepare(): void;
  /** Renews no lease any more, and leaves its trials to others. */
  end(): void;
}

interface ConversationOptions {
  readonly now: () => number;
  readonly clock: (() => number) | undefined;
  readonly program: string | undefined;
  readonly storage: string | undefined;
  readonly studiesIn: (address: string) => Storage;
  readonly linalg: () => Promise<LinearAlgebra>;
  /** Of what is prepared between requests; absent where nothing is. */
  readonly turns: OperationTurns | undefined;
}

/** Requests with events, after which an ask may be the next one: what was prepared before these is for no ask any more. */
const beforeAsks: ReadonlySet<Request['op']> = new Set([
  'create',
  'load',
  'tell',
  'release',
  'delete',
  'restore',
  'edit',
  'note',
]);

/** A conversation without a study: a `create` comes first. */
export function conversation(options: ConversationOptions): Conversation {
  const { now, clock, program, storage, studiesIn, linalg, turns } = options;
  let current: StudyConversation | MatrixConversation | undefined;
  let [created, isDue] = [0, false];
  const owner = conversationOwner();
  const addressOf = (request: RequestOf<'create'>) =>
    request.storage ?? (request.name === undefined ? undefined : storage);
  /** Makes the study the current one. */
  const open = async (request: RequestOf<'create'>, of: Opening) => {
    const next = await openConversation(request, of, {
      ...{ linalg, clock, program, studiesIn },
      preparation: turns && idlePreparation(linalg, turns),
      owner: owner.name,
    });
    leave(current);
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
      leave(current);
      current = next;
    } else {
      const address = addressOf(request);
      const studies = address === undefined ? memoryStorage() : studiesIn(address);
      await open(request, { name, storage: studies, address });
    }
    created++;
    return { ok: true, study: name };
  };
  const answered = (request: Exclude<Request, { op: 'end' }>): Answer | Promise<Answer> => {
    if (request.op === 'create') return create(request);
    if (!current) throw new InvalidArgumentError('op', request.op, 'create, as the first request');
    if ('answer' in current) return current.answer(request);
    return request.op === 'edit' ? edit(current, request) : answerOf(current, request, now);
  };
  const answer: Conversation['answer'] = async (request) => {
    const of = await answered(request);
    isDue = beforeAsks.has(request.op) || (isDue && request.op !== 'ask');
    return of;
  };
  const prepare = () => {
    if (isDue && current && 'study' in current) current.preparation?.begin(current.study);
    isDue = false;
  };
  const end = () => {
    leave(current);
    owner.end();
  };
  return { answer, prepare, end };
}

/** The answer of a study; suggestions that are asked for are waited for. */
function answerOf(
  of: StudyConversation,
  request: Exclude<Request, { op: 'create' | 'edit' | 'end' }>,
  now: () => number,
): Promise<Answer> {
  const answer = converse(of, request, { now });
  return request.op === 'ask' && of.preparation ? of.preparation.during(answer) : answer;
}

/** Ends the renewal of leases and what is prepared, where the conversation has these. */
function leave(conversation: StudyConversation | MatrixConversation | undefined): void {
  if (!conversation || !('renewal' in conversation)) return;
  conversation.renewal.stop();
  conversation.preparation?.end();
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
