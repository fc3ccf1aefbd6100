import { InvalidArgumentError } from '@foothold/core';

/** JSON with keys in order and without undefined: equal values have equal text. Throws as `throughJson` does. */
export function canonical(value: unknown): string {
  return jsonOf(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * The value as it comes back from JSON: what every storage gives, so that a live study equals a replayed one. Throws
 * InvalidArgumentError for what JSON cannot hold: a value inside itself, one that is nested thousands of levels deep.
 */
export function throughJson<T>(value: T): T {
  return JSON.parse(jsonOf(value)) as T;
}

function jsonOf(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  try {
    return JSON.stringify(value, replacer);
  } catch {
    throw new InvalidArgumentError('what is to be stored', value, 'JSON, at most 100 levels deep');
  }
}
