/** Objects with any names: valibot's record leaves out `__proto__`, `constructor` and `prototype` in silence. */
import * as v from 'valibot';

const left = ['__proto__', 'constructor', 'prototype'];

/** An object as it is. */
export const anyRecord = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object is expected',
);

/** An object whose values are all of one kind. Refuses the names that would be left out. */
export function recordOf<S extends v.GenericSchema>(value: S) {
  return v.pipe(
    anyRecord,
    v.check(
      (record) => !left.some((name) => Object.hasOwn(record, name)),
      `a parameter is not named ${left.join(' or ')}`,
    ),
    v.record(v.string(), value),
  );
}
