/**
 * Group commit: the calls of a study that wait at the same time are planned one after another, each on the state after those before it,
 * and appended as one. They are answered once that append is done.
 */
import type { Params, StudyEvent } from '@foothold/core';
import type { LogFold } from '../state/replay.ts';
import type { CalledLog, CommitCall, LogCall, Plan } from './log-calls.ts';
import { tentativeEvents } from './tentative-events.ts';

/**
 * Answers the calls of a group in their order. Where the append fails, the calls whose events it had fail with its error; what the others
 * saw is void, and they run once more.
 */
export async function groupCommit<P extends Params>(
  log: CalledLog<P>,
  fold: LogFold<P>,
  calls: readonly LogCall<P>[],
): Promise<void> {
  let left = calls;
  while (left.length > 0) {
    const done = await committed(log, fold, left);
    if (!('error' in done)) return answer({ log, fold, calls: left, planned: done.planned });
    const isFailed = (call: LogCall<P>) => 'plan' in call && (done.planned.get(call)?.events.length ?? 0) > 0;
    const failed = left.some(isFailed) ? left.filter(isFailed) : left;
    for (const { reject } of failed) reject(done.error);
    left = left.filter((call) => !failed.includes(call));
  }
}

/** The plans of the commits among some calls, with the events as they are stored. */
type Planned<P extends Params> = ReadonlyMap<LogCall<P>, Plan<unknown>>;

function eventsOf<P extends Params>(planned: Planned<P>): readonly StudyEvent[] {
  return [...planned.values()].flatMap(({ events }) => events);
}

/** Appends what the calls plan in one transaction; without a plan, reads what is new. The state then ends before what was appended. */
async function committed<P extends Params>(
  log: CalledLog<P>,
  fold: LogFold<P>,
  calls: readonly LogCall<P>[],
): Promise<{ readonly planned: Planned<P>; readonly error?: unknown }> {
  const commits = calls.filter((call) => 'plan' in call);
  const from = fold.state.length;
  let planned: Planned<P> = new Map();
  const forget = () => {
    if (planned.size > 1 && eventsOf(planned).length > 0) log.forgetViews();
  };
  try {
    if (commits.length === 0) log.apply(fold, await log.read(from));
    else
      await log.transact(from, (newer) => {
        forget();
        planned = new Map();
        log.apply(fold, newer);
        planned = plansOf(log, fold, commits);
        return eventsOf(planned);
      });
    return { planned };
  } catch (error) {
    forget();
    return { planned, error };
  }
}

/**
 * Each plan on the state after those before it. The state is then what it was: nobody sees an event before it is in the log. A plan that
 * throws has no events, and its answer is what it threw.
 */
function plansOf<P extends Params>(
  log: CalledLog<P>,
  fold: LogFold<P>,
  commits: readonly CommitCall<P>[],
): Planned<P> {
  const planned = new Map<LogCall<P>, Plan<unknown>>();
  const before = tentativeEvents(fold.silent);
  /** The plan before, whose events are applied only where there is one after it. */
  let last: { readonly call: CommitCall<P>; readonly events: readonly StudyEvent[] } | undefined;
  const refused = (call: CommitCall<P>, error: unknown) => {
    const thrown = () => {
      throw error;
    };
    planned.set(call, { events: [], answer: thrown });
  };
  try {
    for (const call of commits) {
      if (last && last.events.length > 0) {
        log.beforeChange();
        try {
          before.apply(last.events);
        } catch (error) {
          refused(last.call, error);
        }
      }
      last = undefined;
      try {
        const { events, answer } = call.plan(fold.state);
        last = { call, events: log.stored(events) };
        planned.set(call, { events: last.events, answer });
      } catch (error) {
        refused(call, error);
      }
    }
  } finally {
    log.beforeChange();
    before.undo();
  }
  return planned;
}

/** Applies what is in the log now, and answers each call with the state after its own events. */
async function answer<P extends Params>({
  log,
  fold,
  calls,
  planned,
}: {
  readonly log: CalledLog<P>;
  readonly fold: LogFold<P>;
  readonly calls: readonly LogCall<P>[];
  readonly planned: Planned<P>;
}): Promise<void> {
  for (const call of calls)
    try {
      if ('view' in call) await call.view(fold.state);
      else {
        const plan = planned.get(call)!;
        log.apply(fold, plan.events);
        call.answered(plan);
      }
    } catch (error) {
      call.reject(error);
    }
}
