import type { Json, Trial } from '@foothold/core';
import { isDrawable } from './number-scale.ts';

/** How earlier studies took part in one trial's suggestion. */
export interface TransferStep {
  readonly trial: number;
  /** What the suggestion is based on: earlier studies before there is a model of the new trials, or a model with or without them. */
  readonly basis: 'earlier studies only' | 'with earlier studies' | 'without earlier studies';
  /** Weight of the earlier studies in the model, 0–1, where the model has one. */
  readonly weight?: number | undefined;
  /** Weight of each source, where the method has one. */
  readonly weights: Readonly<Record<string, number>>;
  readonly hypotheses: Readonly<Record<string, number>>;
  /** Names of the sources; of many, of the heaviest. */
  readonly sources: readonly string[];
  /** Names of sources that were left out because they look like noise. */
  readonly ignored: readonly string[];
}

/** The sources that `why` does not name one by one. */
export const notNamed = 'sources not named';

/**
 * What `why` says about earlier studies: a step for each trial that they took part in. Trials without it, and members of it
 * that have another form, are left out: the log may come from another version.
 */
export function transferSteps(trials: readonly Trial[]): readonly TransferStep[] {
  return trials.flatMap(({ number, why }): readonly TransferStep[] => {
    if (why === undefined) return [];
    const facts = membersOf(membersOf(why['model'])['transfer'] ?? why['transfer']);
    const only = why['stage'] === 'warm start';
    if (!only && Object.keys(facts).length === 0) return [];
    const listed = facts['sources'] ?? why['sources'];
    const named = { ...weightsIn(listed), ...numbersIn(facts['weights']) };
    // Logs of version 0.1 write `gate` for the weight, and `turn` for the model that the suggestion is from.
    const total = facts['weight'] ?? facts['gate'];
    const weight = isDrawable(total) ? Math.min(Math.max(total, 0), 1) : undefined;
    const rest = (weight ?? 0) - Object.values(named).reduce((a, b) => a + b, 0);
    const without = facts['turn'] === 'plain' || weight === 0;
    return [
      {
        trial: number,
        basis: only ? 'earlier studies only' : without ? 'without earlier studies' : 'with earlier studies',
        ...(weight === undefined || only || without ? {} : { weight }),
        // Only the heaviest are named; the total weight is that of all.
        weights: rest > 1e-3 && Object.keys(named).length > 0 ? { ...named, [notNamed]: rest } : named,
        hypotheses: numbersIn(facts['hypotheses']),
        sources: [...new Set([...namesIn(listed), ...Object.keys(named)])],
        ignored: namesIn(facts['ignored']),
      },
    ];
  });
}

/** What of the earlier studies could not be used, by source: sentences, each once. */
export function unusedSources(trials: readonly Trial[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { why } of trials)
    for (const [source, notes] of Object.entries(membersOf(why?.['unused']))) {
      const known = found.get(source) ?? new Set<string>();
      for (const note of Array.isArray(notes) ? notes : [notes]) known.add(String(note));
      found.set(source, known);
    }
  return new Map([...found].map(([source, notes]) => [source, [...notes]]));
}

function membersOf(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}

/** The members that are numbers. */
function numbersIn(value: Json | undefined): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(membersOf(value)).flatMap(([name, weight]) =>
      isDrawable(weight) ? [[name, weight]] : [],
    ),
  );
}

/** Names from a list of names or of `{name, …}`. */
function namesIn(value: Json | undefined): readonly string[] {
  return listIn(value).flatMap((entry) => {
    const name = typeof entry === 'string' ? entry : membersOf(entry)['name'];
    return typeof name === 'string' ? [name] : [];
  });
}

/** Weights from a list of `{name, weight}`; of equal names the sum. */
function weightsIn(value: Json | undefined): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const entry of listIn(value)) {
    const { name, weight } = membersOf(entry);
    if (typeof name === 'string' && isDrawable(weight)) found[name] = (found[name] ?? 0) + weight;
  }
  return found;
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
