import type { Params } from '@foothold/core';
import { clock, paramsText } from './trial-text.ts';

/** The trials that run now, for a row of progress. */
export interface RunningTrials {
  begin(trial: { readonly number: number; readonly params: Params }): void;
  ended(number: number): void;
  /** `trial 3 0:12 lr=0.1`, or `trials 3 0:12, 4 0:02` for several; empty for none. */
  text(): string;
}

/** @param now milliseconds of any clock */
export function runningTrials(now: () => number): RunningTrials {
  const running = new Map<number, { readonly params: Params; readonly since: number }>();
  const age = (since: number) => clock((now() - since) / 1000);
  return {
    begin: ({ number, params }) => {
      running.set(number, { params, since: now() });
    },
    ended: (number) => {
      running.delete(number);
    },
    text: () => {
      const all = [...running];
      if (all.length === 0) return '';
      const [[number, { params, since }]] = all as [(typeof all)[number]];
      if (all.length === 1) return `trial ${number} ${age(since)} ${paramsText(params)}`;
      return `trials ${all.map(([of, { since: from }]) => `${of} ${age(from)}`).join(', ')}`;
    },
  };
}
