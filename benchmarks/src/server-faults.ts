import { OptimizationError, type Trial } from '@foothold/core';

/** What the clients of one study say of it. */
export interface ClientsResult {
  readonly asks: CallTimes;
  readonly tells: CallTimes;
  readonly asksPerSecond: number;
  /** Number of calls that failed, by the name of the error. */
  readonly errors: Readonly<Record<string, number>>;
  /** Of clients that evaluate for a while. */
  readonly timedAsks?: readonly AskTime[];
  /** Milliseconds since 1970 from which on calls are counted. */
  readonly countedFrom: number;
  /** Number and value of every tell that was acknowledged. */
  readonly told: readonly (readonly [number, number])[];
}

/** Trial of an ask, the ask's key, and the milliseconds until the client had its answer. */
export type AskTime = readonly [number: number, key: string, ms: number];

export interface CallTimes {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What is lost, doubled or open among the trials of a study. Empty where nothing is. */
export function servedFaults(
  trials: readonly Trial[],
  { told, errors }: Pick<ClientsResult, 'told' | 'errors'>,
): readonly string[] {
  const faults: string[] = [];
  const lost = told.filter(([number, value]) => {
    const trial = trials[number];
    return trial?.state !== 'complete' || trial.value !== value;
  }).length;
  if (lost > 0) faults.push(`${lost} acknowledged tells lost or changed`);
  const numbers = new Set(told.map(([number]) => number)).size;
  if (numbers < told.length) faults.push(`${told.length - numbers} trials told by two clients`);
  if (trials.some(({ number }, i) => number !== i)) faults.push('numbers with a gap');
  const open = trials.filter(({ state }) => state !== 'complete').length;
  if (open > 0) faults.push(`${open} trials are not complete`);
  if (trials.length !== told.length)
    faults.push(`${trials.length} trials, ${told.length} acknowledged tells`);
  const failed = Object.entries(errors).map(([name, count]) => `${count} ${name}`);
  return [...faults, ...failed];
}

export function optimizationErrorName(error: unknown): string {
  return error instanceof OptimizationError ? error.name : String(error);
}
