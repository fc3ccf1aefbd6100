import type { Direction, ParameterDescription, Params } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import type { PastTrial } from '@foothold/study';
import type { TransferSource } from 'foothold';
import { type OptunaParameter, optunaParameter } from './optuna-distribution.ts';

/** A study of Optuna while its rows are collected. */
export interface OptunaStudy {
  readonly name: string;
  readonly direction: Direction;
  readonly trials: Map<number, OptunaTrial>;
}
export interface OptunaTrial {
  state: 'complete' | 'failed' | 'pruned' | 'running';
  value?: number;
  readonly parameters: Map<string, OptunaParameter>;
}

export function addParameter(
  trial: OptunaTrial,
  {
    name,
    internal,
    distribution,
  }: { readonly name: string; readonly internal: number; readonly distribution: string },
): void {
  const parameter = optunaParameter(internal, distribution);
  if (parameter) trial.parameters.set(name, parameter);
}

/** The study as a source: its finished trials, and the space that its distributions span. */
export function sourceFrom(study: OptunaStudy): TransferSource {
  const descriptions: Record<string, ParameterDescription> = {};
  const trials: PastTrial<Params>[] = [];
  const all = [...study.trials.values()];
  // A parameter that some trials lack is left out: Optuna's conditions are code and are not stored.
  for (const [name, { description }] of all.flatMap((trial) => [...trial.parameters]))
    if (all.every((trial) => trial.parameters.has(name) || trial.state === 'running'))
      descriptions[name] = description;
  for (const trial of all) {
    if (trial.state === 'running') continue;
    const params = Object.fromEntries(
      [...trial.parameters].flatMap(([name, { value }]) => (name in descriptions ? [[name, value]] : [])),
    );
    if (trial.state === 'complete' && trial.value !== undefined && Number.isFinite(trial.value))
      trials.push({ params, value: trial.value });
    else if (trial.state === 'pruned') trials.push({ params, state: 'pruned' });
    else trials.push({ params, state: 'failed', reason: 'failed in Optuna' });
  }
  return {
    name: study.name,
    direction: study.direction,
    trials,
    ...(Object.keys(descriptions).length > 0 ? { space: spaceOf(descriptions) } : {}),
  };
}
