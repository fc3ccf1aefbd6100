/**
 * The state of a fold as a text, for the snapshot of a long study. Every field of the state is carried, whatever the fold
 * has: lists, maps, sets and plain JSON. What can be computed from them (functions) is not.
 */
import type { Params, StudySnapshot } from '@foothold/core';
import type { LiveState } from './study-state.ts';

/** To be raised whenever the fold makes something else of the same events: older snapshots are then not read. */
export const foldFormat = 6;

type Field =
  | { readonly value: unknown }
  | { readonly map: readonly (readonly [unknown, unknown])[] }
  | { readonly set: readonly unknown[] };

interface Saved {
  readonly format: number;
  readonly fields: Readonly<Record<string, Field>>;
}

/** The snapshot of this state. */
export function snapshotOf<P extends Params>(state: LiveState<P>): StudySnapshot {
  const fields: Record<string, Field> = {};
  for (const [name, value] of Object.entries(state)) {
    if (typeof value === 'function' || value === undefined) continue;
    if (value instanceof Map) fields[name] = { map: [...value] };
    else if (value instanceof Set) fields[name] = { set: [...value] };
    else fields[name] = { value };
  }
  const saved: Saved = { format: foldFormat, fields };
  return { length: state.length, state: JSON.stringify(saved) };
}

/** The state after the events of the snapshot, for `logFold`; undefined for one of another format, or that is no snapshot of a fold. */
export function savedState<P extends Params>({
  length,
  state,
}: StudySnapshot): Partial<LiveState<P>> | undefined {
  try {
    const { format, fields } = JSON.parse(state) as Saved;
    if (format !== foldFormat) return undefined;
    const values = Object.entries(fields).map(([name, field]) => [name, plain(field)] as const);
    const saved: Partial<LiveState<P>> = Object.fromEntries(values);
    return saved.length === length ? saved : undefined;
  } catch {
    return undefined;
  }
}

function plain(field: Field): unknown {
  if ('map' in field) return new Map(field.map);
  return 'set' in field ? new Set(field.set) : field.value;
}
