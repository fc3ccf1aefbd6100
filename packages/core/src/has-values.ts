import type { Params } from './trial.ts';

/** True when the parameters have all of these values; an undefined one is none. */
export function hasValues<P extends Params>(params: P, values: Partial<P> = {}): boolean {
  return Object.entries(values).every(
    ([name, value]) => value === undefined || (Object.hasOwn(params, name) && params[name] === value),
  );
}
