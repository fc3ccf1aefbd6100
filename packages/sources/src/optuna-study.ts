import type { Direction, Params } from '@foothold/core';
import type { PastTrial, TransferSource } from '@foothold/study';
import { type Notes, notes } from './notes.ts';
import { type OptunaDistribution, optunaValue } from './optuna-value.ts';
import { SourceError } from './source-error.ts';

/** A study of Optuna while its rows are collected. */
export interface OptunaStudy {
  readonly name: string;
  /** One an objective. */
  readonly directions: readonly Direction[];
  readonly trials: Map<number, OptunaTrial>;
  userAttributes: ReadonlyMap<string, unknown>;
  systemAttributes: ReadonlyMap<string, unknown>;
  readonly notes: Notes;
}
export interface OptunaTrial {
  state: 'complete' | 'failed' | 'pruned' | 'running' | 'waiting';
  /** By objective; holes where a value is not finite. */
  values: (number | undefined)[];
  params: ReadonlyMap<string, Params[string]>;
  distributions: ReadonlyMap<string, OptunaDistribution>;
  /** By step; also numbers that are not finite. */
  intermediateValues: ReadonlyMap<number, number>;
  userAttributes: ReadonlyMap<string, unknown>;
  systemAttributes: ReadonlyMap<string, unknown>;
  /** Milliseconds since 1970. */
  startedAt?: number | undefined;
  finishedAt?: number | undefined;
}

/** Which study of a file, and which of its objectives. */
export interface StudyChoice {
  readonly study?: string | undefined;
  readonly objective?: number | undefined;
}

export function optunaStudy(name: string, directions: readonly Direction[]): OptunaStudy {
  return {
    name,
    directions,
    trials: new Map(),
    userAttributes: nothing,
    systemAttributes: nothing,
    notes: notes(),
  };
}

/** A trial without parameters. */
export function optunaTrial(state: OptunaTrial['state']): OptunaTrial {
  return {
    state,
    values: [],
    params: nothing,
    distributions: nothing,
    intermediateValues: nothing,
    userAttributes: nothing,
    systemAttributes: nothing,
  };
}

export function isEnded({ state }: OptunaTrial): boolean {
  return state !== 'running' && state !== 'waiting';
}

/** What a trial begins with: an empty map takes more memory than most of what is put into one. */
const nothing: ReadonlyMap<never, never> = new Map<never, never>();

/** The map with one more entry; the same map, unless it was empty. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return map.size === 0 ? new Map([[key, value]]) : (map as Map<K, V>).set(key, value);
}

/** Gives trials with the same distributions one map of them, which no trial may change any more. */
export function sharedDistributions(): (trial: OptunaTrial) => void {
  const ids = new Map<OptunaDistribution, number>();
  const known = new Map<string, OptunaTrial['distributions']>();
  const idOf = (distribution: OptunaDistribution) => {
    const id = ids.get(distribution) ?? ids.size;
    ids.set(distribution, id);
    return id;
  };
  return (trial) => {
    const key = JSON.stringify([...trial.distributions].map(([name, of]) => [name, idOf(of)]));
    const shared = known.get(key) ?? trial.distributions;
    known.set(key, shared);
    trial.distributions = shared;
  };
}

/** Reads a stored parameter into the trial, or notes in the study why it cannot be. */
export function addParameter(
  study: OptunaStudy,
  trial: OptunaTrial,
  parameter: { readonly name: string; readonly internal: number; readonly distribution: OptunaDistribution },
): void {
  const { name, internal, distribution } = parameter;
  trial.distributions = withEntry(trial.distributions, name, distribution);
  const value = optunaValue(internal, distribution);
  if (value !== undefined) trial.params = withEntry(trial.params, name, value);
  else if (distribution.kind === undefined)
    study.notes.add(`${name}: left out, its distribution ${distribution.name} is not known`);
  else study.notes.add(`${name}: left out, it is stored as ${internal}, which is none of its values`);
}

/**
 * The studies as sources, or the one that is chosen. Throws SourceError for a study or objective that is not there, and
 * where a study has several objectives and none is chosen.
 */
export function sourcesFrom(
  studies: readonly OptunaStudy[],
  choice: StudyChoice,
  path: string,
): readonly TransferSource[] {
  const found = choice.study === undefined ? studies : studies.filter(({ name }) => name === choice.study);
  if (found.length === 0 && choice.study !== undefined)
    throw new SourceError(
      `source ${path}: there is no study ${JSON.stringify(choice.study)}; there are ${studies.map(({ name }) => JSON.stringify(name)).join(', ')}`,
    );
  return found.map((study) => {
    const { name, directions } = study;
    const { objective = directions.length > 1 ? undefined : 0 } = choice;
    const direction = objective === undefined ? undefined : directions[objective];
    if (objective !== undefined && direction !== undefined) return sourceFrom(study, objective, direction);
    const ways = directions.map((word, k) => `${path}#${name}[${k}] (${word})`).join(' or ');
    const others = studies.flatMap((other) =>
      other === study || other.directions.length > 1 ? [] : [`${path}#${other.name}`],
    );
    throw new SourceError(
      `source ${path}: study ${JSON.stringify(name)} has ${directions.length} ${directions.length === 1 ? 'objective' : 'objectives'}; take ${ways}${
        choice.study === undefined && others.length > 0 ? `, or another study: ${others.join(', ')}` : ''
      }`,
    );
  });
}

/** The study as a source: its trials, those that have not ended as running. */
function sourceFrom(study: OptunaStudy, objective: number, direction: Direction): TransferSource {
  const trials = [...study.trials.values()].map((trial): PastTrial<Params> => {
    const params = Object.fromEntries(trial.params);
    const value = trial.values[objective];
    if (!isEnded(trial)) return { params, state: 'running' };
    if (trial.state === 'complete' && value !== undefined && Number.isFinite(value)) return { params, value };
    if (trial.state === 'pruned') return { params, state: 'pruned' };
    if (trial.state === 'complete') study.notes.add('values that are not finite count as failures');
    return { params, state: 'failed', reason: 'failed in Optuna' };
  });
  const unused = study.notes.lines(trials.length);
  return { name: study.name, direction, trials, ...(unused.length > 0 && { unused }) };
}
