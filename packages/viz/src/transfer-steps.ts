import type { Json, Trial } from '@foothold/core';
import { isDrawable } from './number-scale.ts';

/** What earlier studies had to do with one trial's suggestion. */
export interface TransferStep {
  readonly trial: number;
  /** Who made it: the sources alone (before there is a model), the model that listens to them, or the one that does not. */
  readonly turn: 'sources alone' | 'with sources' | 'without sources';
  /** Share of the model that listens to the sources, 0–1, where it was asked. */
  readonly gate?: number | undefined;
  /** Weight of each source, where the method has one. */
  readonly weights: Readonly<Record<string, number>>;
  readonly hypotheses: Readonly<Record<string, number>>;
  /** Names of the sources; of many, of the heaviest. */
  readonly sources: readonly string[];
  /** Names of sources that were left out because they look like noise. */
  readonly ignored: readonly string[];
}

/** The sources that `why` has no room for. */
export const notNamed = 'sources not named';

/**
 * What `why` says about earlier studies, a step a trial that they had part in. Trials without it, and whatever in it has
 * another form, are passed over: the log may come from another version.
 */
export function transferSteps(trials: readonly Trial[]): readonly TransferStep[] {
  return trials.flatMap(({ number, why }): readonly TransferStep[] => {
    if (why === undefined) return [];
    const said = membersOf(membersOf(why['model'])['transfer'] ?? why['transfer']);
    const alone = why['stage'] === 'warm start';
    if (!alone && Object.keys(said).length === 0) return [];
    const listed = said['sources'] ?? why['sources'];
    const named = { ...weightsIn(listed), ...numbersIn(said['weights']) };
    const gate = isDrawable(said['gate']) ? Math.min(Math.max(said['gate'], 0), 1) : undefined;
    const rest = (gate ?? 0) - Object.values(named).reduce((a, b) => a + b, 0);
    const without = said['turn'] === 'plain' || gate === 0;
    return [
      {
        trial: number,
        turn: alone ? 'sources alone' : without ? 'without sources' : 'with sources',
        ...(gate === undefined || alone || without ? {} : { gate }),
        // Only the heaviest are named; the gate knows of all.
        weights: rest > 1e-3 && Object.keys(named).length > 0 ? { ...named, [notNamed]: rest } : named,
        hypotheses: numbersIn(said['hypotheses']),
        sources: [...new Set([...namesIn(listed), ...Object.keys(named)])],
        ignored: namesIn(said['ignored']),
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
