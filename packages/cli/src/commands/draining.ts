import { constants } from 'node:os';

/** How a worker is asked to end. */
export interface Draining {
  /** Begin nothing more. */
  readonly drain: AbortSignal;
  /** Give back what runs. */
  readonly stop: AbortSignal;
  /** The signal that asked for it, the last one; undefined for none. */
  signal(): NodeJS.Signals | undefined;
}

/**
 * Runs the work with signals that SIGTERM or SIGHUP abort: the first time `drain`, and `stop` the second time or after `timeout` seconds. Ctrl-C
 * aborts both; the second Ctrl-C ends the process. `onDrain` is told at the first signal, with true where what runs is given back at once.
 */
export async function draining<T>(
  work: (end: Draining & { drainNow(): void }) => Promise<T>,
  {
    timeout,
    onDrain,
  }: { readonly timeout?: number | undefined; readonly onDrain: (isStop: boolean) => void },
): Promise<T> {
  const drain = new AbortController();
  const stop = new AbortController();
  let last: NodeJS.Signals | undefined;
  let timer: NodeJS.Timeout | undefined;
  const drainNow = () => {
    if (drain.signal.aborted) return;
    drain.abort();
    onDrain(stop.signal.aborted);
    if (timeout !== undefined) timer = setTimeout(() => stop.abort(), Math.min(timeout * 1000, 2 ** 31 - 1));
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    last = signal;
    if (stop.signal.aborted) process.exit(128 + constants.signals[signal]);
    if (signal === 'SIGINT' || drain.signal.aborted) stop.abort();
    drainNow();
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work({ drain: drain.signal, stop: stop.signal, signal: () => last, drainNow });
  } finally {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, onSignal);
  }
}
