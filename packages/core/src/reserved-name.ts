/**
 * True for a name that every JavaScript object answers to (`constructor`, `toString`, `__proto__` …), and for `prototype`. Such a
 * name cannot be one of a parameter or a figure: read from params that lack it, it would be a function.
 */
export function isReservedName(name: string): boolean {
  return name === 'prototype' || name in Object.prototype;
}
