import type { Params } from '@foothold/core';
import type { LogFold } from '../state/replay.ts';
import type { CalledLog, LogCall, Plan } from './log-calls.ts';

/** Answers calls that waited at the same time. Never rejects. What answers more than one is loaded when it is needed. */
export async function runCalls<P extends Params>(
  log: CalledLog<P>,
  calls: readonly LogCall<P>[],
): Promise<void> {
  try {
    const fold = await log.opened();
    if (calls.length === 1) await runAlone(log, fold, calls[0]!);
    else {
      const { groupCommit } = await import('./group-commit.ts');
      await groupCommit(log, fold, calls);
    }
  } catch (error) {
    for (const { reject } of calls) reject(error);
  }
}

async function runAlone<P extends Params>(
  log: CalledLog<P>,
  fold: LogFold<P>,
  call: LogCall<P>,
): Promise<void> {
  const from = fold.state.length;
  if ('view' in call) {
    log.apply(fold, await log.read(from));
    return call.view(fold.state);
  }
  let planned: Plan<unknown>;
  await log.transact(from, (newer) => {
    log.apply(fold, newer);
    const { events, answer } = call.plan(fold.state);
    planned = { events: log.stored(events), answer };
    return planned.events;
  });
  log.apply(fold, planned!.events);
  call.answered(planned!);
}
