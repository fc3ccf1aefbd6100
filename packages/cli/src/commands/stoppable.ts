import { constants } from 'node:os';

/** Why a run ended before its work was done. */
export type StopReason =
  | { readonly why: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly why: 'time-limit' }
  | { readonly why: 'failures'; readonly message: string };

/** A run that may be stopped: what runs is killed and its trials are given back. */
export interface Stoppable {
  /** Aborts when the run is to stop. */
  readonly signal: AbortSignal;
  /** The first reason; undefined while nothing stopped the run. */
  reason(): StopReason | undefined;
  stop(reason: StopReason): void;
}

/** What a terminal, a person or a scheduler sends to end a program. */
export const stopSignals: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Runs the work with a signal that Ctrl-C, SIGTERM, SIGHUP or SIGQUIT aborts, or the time limit in seconds. A second such
 * signal ends the process at once; the programs that it runs are killed with it.
 */
export async function stoppable<T>(
  work: (run: Stoppable) => Promise<T>,
  { timeLimit }: { readonly timeLimit?: number | undefined } = {},
): Promise<T> {
  const controller = new AbortController();
  let reason: StopReason | undefined;
  const stop = (why: StopReason): void => {
    reason ??= why;
    controller.abort();
  };
  let received = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (++received > 1) process.exit(exitCodeOf({ why: 'signal', signal }));
    stop({ why: 'signal', signal });
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  const timer =
    timeLimit === undefined
      ? undefined
      : setTimeout(() => stop({ why: 'time-limit' }), Math.min(timeLimit * 1000, 2 ** 31 - 1));
  try {
    return await work({ signal: controller.signal, reason: () => reason, stop });
  } finally {
    clearTimeout(timer);
    for (const signal of stopSignals) process.off(signal, onSignal);
  }
}

/** True when the work is done; false where the run was stopped and the work fails with that: the process then has the reason's exit code. */
export async function doneUnlessStopped(run: Stoppable, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const reason = run.reason();
    if (!reason) throw error;
    process.exitCode = exitCodeOf(reason);
    return false;
  }
}

/** The exit code after this reason: 128 and the signal's number, as in a shell; 1 after failures; 0 after the time limit. */
export function exitCodeOf(reason: StopReason): number {
  if (reason.why === 'signal') return 128 + (constants.signals[reason.signal] ?? 2);
  return reason.why === 'failures' ? 1 : 0;
}
