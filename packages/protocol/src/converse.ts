import { type DeletedTrial, type Notes, OutOfSpaceError, type Trial } from '@foothold/core';
import type { PastTrial as LoadedTrial, LocalStudy } from '@foothold/study';
import type { Answer } from './answer.ts';
import type { LeaseRenewal } from './lease-renewal.ts';
import { wholeOutcomeOf } from './outcome-of.ts';
import type { PastTrial, Request, RequestOf } from './request-schemas.ts';

/** A study with what is to know which of its trials a conversation has. */
export interface Conversing {
  readonly study: LocalStudy;
  readonly renewal: Pick<LeaseRenewal, 'began' | 'ended'>;
}

export interface AnswerOptions {
  /** Milliseconds of any clock, for the `ms` of an ask. */
  readonly now: () => number;
  /** Of an ask: `AskOptions.key`. */
  readonly key?: string | undefined;
  /** Of an ask: trials in the answer have all their members. */
  readonly whole?: boolean | undefined;
  /** Of an ask: `AskOptions.signal`. */
  readonly signal?: AbortSignal | undefined;
}

/** The answer to a request about the study. */
export async function converse(
  { study, renewal }: Conversing,
  request: Exclude<Request, { op: 'create' | 'edit' | 'end' }>,
  { now, key, signal, whole = false }: AnswerOptions,
): Promise<Answer> {
  switch (request.op) {
    case 'load':
      return { ok: true, loaded: await study.load(request.trials.map(pastTrial), { samplerState: true }) };
    case 'enqueue':
      await study.enqueue(request.params);
      return { ok: true };
    case 'ask': {
      const start = now();
      const { trials, refused } = await askFor(study, request, { key, signal });
      for (const { number } of trials) renewal.began(number);
      return {
        trials: trials.map(whole ? shownTrial : (trial) => briefTrial(trial, request.samplerState)),
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
      await study.tell(request.number, wholeOutcomeOf(request), notesOf(request));
      renewal.ended(request.number);
      return { ok: true };
    case 'note': {
      await study.note(request.number, { ...notesOf(request), output: request.output });
      return { ok: true, ...(await notesAt(study, request.number)) };
    }
    case 'best': {
      const best = await study.best();
      const front = study.goal.objectives ? { front: (await study.pareto()).map(shownTrial) } : {};
      return { trial: best ? shownTrial(best) : null, ...front };
    }
    case 'trials': {
      const deleted = request.deleted ? { deleted: (await study.deletedTrials()).map(shownTrial) } : {};
      return { trials: (await study.trials()).map(shownTrial), ...deleted };
    }
    case 'release':
      await study.release(request.number);
      renewal.ended(request.number);
      return { ok: true };
    case 'delete':
      await study.deleteTrial(request.number);
      renewal.ended(request.number);
      return { ok: true };
    case 'restore':
      await study.restoreTrial(request.number);
      return { ok: true };
  }
}

/**
 * As many trials as asked for; fewer where no more are to be had: what was given out is answered, the next ask says why.
 * `refused` says what was taken from the queue meanwhile, which no later ask would say.
 */
async function askFor(
  study: LocalStudy,
  { count = 1, fixed, trials: limit, samplerState: _, ...request }: RequestOf<'ask'>,
  { key, signal }: Pick<AnswerOptions, 'key' | 'signal'>,
): Promise<{ readonly trials: readonly Trial[]; readonly refused?: string }> {
  const trials: Trial[] = [];
  while (trials.length < count)
    try {
      trials.push(
        await study.ask({
          ...{ fixed, signal, trials: limit, ...notesOf(request) },
          key: key && `${key}:${trials.length}`,
        }),
      );
    } catch (error) {
      if (trials.length === 0) throw error;
      return error instanceof OutOfSpaceError ? { trials, refused: error.message } : { trials };
    }
  return { trials };
}

function pastTrial(past: PastTrial): LoadedTrial {
  const { params, samplerState } = past;
  return { params, samplerState, ...notesOf(past), ...wholeOutcomeOf(past) };
}

function notesOf({ attributes, note }: Notes): Notes {
  return { attributes, note };
}

/** The attributes and the note of a trial, or of the study without `number`. */
async function notesAt(study: LocalStudy, number: number | undefined): Promise<Notes> {
  if (number === undefined) return study.notes();
  const trial =
    (await study.trial(number)) ?? (await study.deletedTrials()).find((other) => other.number === number);
  const { attributes = {}, note } = trial!;
  return { attributes, ...(note !== undefined && { note }) };
}

function briefTrial({ number, params, piece, why, samplerState }: Trial, withState = false): Answer {
  return {
    number,
    params,
    ...(piece && { piece }),
    ...(why ? { why } : {}),
    ...(withState && samplerState ? { samplerState } : {}),
  };
}

/** A trial without what is empty. */
export function shownTrial({ reports, why, ...trial }: Trial | DeletedTrial): Answer {
  return { ...trial, ...(reports.length > 0 ? { reports } : {}), ...(why ? { why } : {}) };
}
