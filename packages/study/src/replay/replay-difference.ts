import type { Json, SearchSpace, SpaceDescription, StudyEvent } from '@foothold/core';
import type { Configuration } from '../ask/configuration.ts';
import { outsideOf } from '../edits/outside-of.ts';
import { canonical, throughJson } from '../log/canonical.ts';

/** Why a suggestion is not what it was: `kind` for programs, `text` for people. */
export interface DifferenceCause {
  readonly kind: 'not-recorded' | 'sampler' | 'program' | 'options' | 'space' | 'error' | 'unknown';
  readonly text: string;
}

interface Comparison {
  readonly recorded: Configuration | undefined;
  readonly now: Configuration;
  readonly asked: Extract<StudyEvent, { readonly type: 'asked' }>;
  /** What the log says of the space, where it does. */
  readonly description: SpaceDescription | undefined;
  readonly space: SearchSpace;
  readonly error: Error | undefined;
}

/** The first thing that is not as it was: the sampler, the program, the sampler's options, the space. */
export function firstDifference(comparison: Comparison): DifferenceCause {
  const { recorded, now, error } = comparison;
  if (!recorded)
    return {
      kind: 'not-recorded',
      text: 'the log does not say which sampler and version made it: an earlier version wrote it',
    };
  const [before, after] = [objectOf(recorded.sampler), objectOf(now.sampler)];
  const checks = [
    ['sampler', differenceAt('the sampler', before['name'], after['name'])],
    ['program', differenceAt('the program', recorded.program, now.program)],
    ['options', differenceAt('option', before['options'], after['options'])],
    ['space', spaceDifference(comparison)],
    ['error', error?.message],
  ] as const;
  for (const [kind, text] of checks) if (text !== undefined) return { kind, text };
  return {
    kind: 'unknown',
    text: 'sampler, options, space and program are the same: another compute backend or machine, constraints that are functions, or a log that was changed',
  };
}

/** How the space differs from the one of the log; undefined where no difference is known. */
function spaceDifference({ description, space, asked }: Comparison): string | undefined {
  const now = space.description;
  if (description && now) {
    const difference = differenceAt('space', description, throughJson(now));
    if (difference) return difference;
    if (Object.keys(description).join() !== Object.keys(now).join())
      return 'the order of the parameters is another one';
  }
  return outsideOf(space, asked.params);
}

type Value = Json | SpaceDescription | SpaceDescription[string] | undefined;

/** Names the first value that differs, at any level; undefined where none does. */
function differenceAt(path: string, before: Value, after: Value): string | undefined {
  if (canonical(before ?? null) === canonical(after ?? null)) return undefined;
  const [a, b] = [objectOf(before), objectOf(after)];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const inner = differenceAt(`${path} ${key}`.replace(/^(option \S+) /, '$1.'), a[key], b[key]);
    if (inner) return inner;
  }
  return `${path} was ${shown(before)}, now ${shown(after)}`;
}

function objectOf(value: Value): Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, Value>>) : {};
}

function shown(value: Value): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'not given');
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
