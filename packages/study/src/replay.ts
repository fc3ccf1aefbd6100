import {
  type Json,
  type Lease,
  type Params,
  StorageError,
  type StudyEvent,
  type Trial,
} from '@foothold/core';
import { canonical } from './canonical.ts';
import { eventFault } from './event-fault.ts';
import { growingReports } from './growing-reports.ts';

/** What a log says: the study's state is this fold and nothing else. */
export interface StudyState<P extends Params = Params> {
  /** The first event; absent while the log is empty. */
  readonly created?: Extract<StudyEvent, { readonly type: 'created' }>;
  /** By number. A trial whose lease expired is still running: the next ask gives it out again. */
  readonly trials: readonly Trial<P>[];
  /** Parameters that wait to be asked before the sampler is: all of a trial, or some. */
  readonly queue: readonly Partial<P>[];
  /** Who works on the running trials. */
  readonly leases: ReadonlyMap<number, Lease>;
  /** How trials are evaluated, as the last `described` says; absent before the first. */
  readonly facts?: { readonly [key: string]: Json };
  /** Number of events. */
  readonly length: number;
}

/** The state of a fold that goes on: `trials`, `queue` and the others change with each event. */
export interface LiveState<P extends Params = Params> extends StudyState<P> {
  /** Numbers of the running trials, in order. */
  readonly running: ReadonlySet<number>;
  /** What a running trial has reported at this step. */
  reportAt(number: number, step: number): number | undefined;
}

/** The state after these events. Throws StorageError for a log that no study can have written. */
export function replay<P extends Params = Params>(events: readonly StudyEvent[]): StudyState<P> {
  const fold = logFold<P>();
  for (const event of events) fold.apply(event);
  const { running: _, reportAt: __, ...state } = fold.state;
  return state;
}

/** The fold, one event at a time. No event costs more in a longer log. */
export function logFold<P extends Params>(): {
  readonly state: LiveState<P>;
  apply(event: StudyEvent): void;
} {
  const trials: Trial<P>[] = [];
  const queue: Partial<P>[] = [];
  const leases = new Map<number, Lease>();
  const numbers = new Set<number>();
  const reports = growingReports<P>();
  const state: { -readonly [K in keyof LiveState<P>]: LiveState<P>[K] } = {
    trials,
    queue,
    leases,
    running: numbers,
    reportAt: reports.valueAt,
    length: 0,
  };
  const refuse = (event: StudyEvent, why: string): never => {
    throw new StorageError(`event ${state.length} of the log (${event?.type}): ${why}`);
  };
  const running = (event: StudyEvent & { readonly number: number }) => {
    const trial = trials[event.number];
    return trial?.state === 'running' ? trial : refuse(event, `trial ${event.number} is not running`);
  };
  const apply = (event: StudyEvent): void => {
    const fault = eventFault(event);
    if (fault !== undefined) refuse(event, fault);
    switch (event.type) {
      case 'created':
        if (state.length > 0) refuse(event, 'the study exists');
        state.created = event;
        break;
      case 'enqueued':
        queue.push(event.params as Partial<P>);
        break;
      case 'dequeued':
        takeFrom(queue, event.params);
        break;
      case 'loaded':
        if (event.number !== trials.length) refuse(event, `the next number is ${trials.length}`);
        trials.push({
          number: event.number,
          params: event.params as P,
          reports: [],
          loaded: true,
          ...event.outcome,
        });
        break;
      case 'asked': {
        leases.set(event.number, event.lease);
        if (event.number < trials.length) {
          running(event); // given out again, or the same owner's lease renewed
          break;
        }
        if (event.number !== trials.length) refuse(event, `the next number is ${trials.length}`);
        const { number, why } = event;
        // Older logs have one record for both.
        const samplerState = event.samplerState ?? (state.created?.format === undefined ? why : undefined);
        trials.push({
          number,
          params: event.params as P,
          reports: [],
          ...(why ? { why } : {}),
          ...(samplerState ? { samplerState } : {}),
          state: 'running',
        });
        numbers.add(number);
        if (event.queued) takeFrom(queue, event.given ?? event.params);
        break;
      }
      case 'reported': {
        const { number, step, value } = event;
        trials[number] = reports.added(running(event), { step, value });
        break;
      }
      case 'told':
        trials[event.number] = { ...running(event), ...event.outcome };
        reports.clear(event.number);
        numbers.delete(event.number);
        leases.delete(event.number);
        break;
      case 'expired':
        trials[event.number] = { ...running(event), reports: [] };
        reports.clear(event.number);
        leases.delete(event.number);
        break;
      case 'reopened': {
        const trial = trials[event.number];
        const { number, params, why, samplerState } =
          trial?.state === 'failed' ? trial : refuse(event, `trial ${event.number} has not failed`);
        trials[number] = {
          number,
          params,
          reports: [],
          ...(why && { why }),
          ...(samplerState && { samplerState }),
          state: 'running',
        };
        numbers.add(number);
        break;
      }
      case 'described':
        state.facts = event.facts;
        break;
    }
    state.length++;
  };
  return { state, apply };
}

function takeFrom(queue: object[], params: Params): void {
  const text = canonical(params);
  const at = queue.findIndex((waiting) => canonical(waiting) === text);
  if (at >= 0) queue.splice(at, 1);
}
