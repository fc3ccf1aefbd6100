import { InvalidArgumentError, type Storage } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { storageOf } from '@foothold/optimize/storage-of';
import { oneByOnePerKey } from '@foothold/study';
import type { Answer } from './answer.ts';
import { parsedJson } from './checked-json.ts';
import { type Conversation, conversation } from './conversation.ts';
import { describedError } from './described-error.ts';
import { operationTurns } from './operation-turns.ts';
import { requestOf } from './request.ts';
import type { Request } from './request-schemas.ts';

/** Conversations, each about one study at a time: the one of a request is named by its member `session`, or is the one without a name. */
export interface AskTellSession {
  /** Answers one line, after those before it of the same conversation. Never rejects: what is wrong comes back as `{"error": …}` and has changed nothing. */
  answer(line: string): Promise<Answer>;
  /**
   * To be called when a line was answered: begins the suggestions of the next asks of all conversations that have something new for one,
   * unless another line comes first, after which it is to be called again. Without `turn`, and where it is of no use, it does nothing.
   */
  prepare(): void;
  /** Renews no lease any more, and leaves the trials to others. */
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
  /**
   * Resolves when lines that have arrived were answered or begun, such as after `setImmediate`: `prepare` then works between
   * requests, an operation of linear algebra at a time. Absent: nothing is prepared.
   */
  readonly turn?: (() => Promise<void>) | undefined;
}

/**
 * Conversations without a study: a `create` comes first in each. It throws nothing: `answer` gives every error as `{"error": …}`, with
 * the typed error's name as its `code`.
 */
export function askTellSession({
  now,
  clock,
  program,
  storage,
  studiesIn = storageOf,
  turn,
}: AskTellOptions): AskTellSession {
  const conversations = new Map<string, Conversation>();
  // One backend for all studies: its machine code is compiled once.
  const linalg = once(() => wasm());
  const turns = turn && operationTurns(turn);
  const options = { now, clock, program, storage, studiesIn, turns, linalg };
  const inTurn = oneByOnePerKey<string>();
  let isEnded = false;
  const due = duePreparations(turn);
  const handle = async (name: string, request: Request): Promise<Answer> => {
    const known = conversations.get(name);
    if (request.op === 'end') {
      known?.end();
      conversations.delete(name);
      if (known) due.left(known);
      return { ok: true };
    }
    const of = known ?? conversation(options);
    try {
      const answer = await of.answer(request);
      conversations.set(name, of);
      due.answered(of);
      return answer;
    } finally {
      // One in which nothing was created has nothing to keep.
      if (isEnded || !conversations.has(name)) of.end();
    }
  };
  return {
    end: () => {
      isEnded = true;
      due.end();
      for (const { end } of conversations.values()) end();
    },
    prepare: due.prepare,
    answer: async (line) => {
      due.lineCame();
      try {
        const { name, json } = addressed(parsedJson('the line', line));
        const request = requestOf(json);
        return await inTurn(name, () => handle(name, request));
      } catch (error) {
        return { error: describedError(error) };
      }
    },
  };
}

/** Conversations that were answered since they were last prepared: they are prepared together, when no line comes for two turns. */
function duePreparations(turn: AskTellOptions['turn']) {
  const answered = new Set<Conversation>();
  let [lines, isEnded] = [0, false];
  return {
    lineCame: () => void lines++,
    answered: (of: Conversation) => void answered.add(of),
    left: (of: Conversation) => void answered.delete(of),
    prepare() {
      if (!turn) return;
      const seen = lines;
      void afterTwo(turn).then(() => {
        if (isEnded || lines !== seen) return;
        for (const of of answered) of.prepare();
        answered.clear();
      });
    },
    end() {
      isEnded = true;
    },
  };
}

/** Resolves in the second turn from now: a line that has arrived by now was read in the first. */
async function afterTwo(turn: () => Promise<void>): Promise<void> {
  await turn();
  await turn();
}

/** The name of the conversation that a request is for, and the rest of it. Throws InvalidArgumentError. */
function addressed(json: unknown): { readonly name: string; readonly json: unknown } {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, 'session')) return { name: '', json };
  const { session, ...rest } = json as { readonly session: unknown };
  if (typeof session !== 'string' || session === '' || session.length > 200)
    throw new InvalidArgumentError('session', session, 'a text of 1 to 200 characters');
  return { name: session, json: rest };
}

/** The function, called at most once. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
