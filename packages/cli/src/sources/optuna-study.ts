import type { Direction, Params } from '@foothold/core';
import type { PastTrial } from '@foothold/study';
import type { TransferSource } from 'foothold';
import { optunaValue } from './optuna-value.ts';

/** A study of Optuna while its rows are collected. */
export interface OptunaStudy {
  readonly name: string;
  readonly direction: Direction;
  readonly trials: Map<number, OptunaTrial>;
}
export interface OptunaTrial {
  state: 'complete' | 'failed' | 'pruned' | 'running';
  value?: number;
  readonly params: Map<string, Params[string]>;
}

export function addParameter(
  trial: OptunaTrial,
  {
    name,
    internal,
    distribution,
  }: { readonly name: string; readonly internal: number; readonly distribution: string },
): void {
  const value = optunaValue(internal, distribution);
  if (value !== undefined) trial.params.set(name, value);
}

/** The study as a source: its finished trials. */
export function sourceFrom(study: OptunaStudy): TransferSource {
  const trials = [...study.trials.values()].flatMap((trial): readonly PastTrial<Params>[] => {
    if (trial.state === 'running') return [];
    const params = Object.fromEntries(trial.params);
    if (trial.state === 'complete' && trial.value !== undefined && Number.isFinite(trial.value))
      return [{ params, value: trial.value }];
    if (trial.state === 'pruned') return [{ params, state: 'pruned' }];
    return [{ params, state: 'failed', reason: 'failed in Optuna' }];
  });
  return { name: study.name, direction: study.direction, trials };
}
