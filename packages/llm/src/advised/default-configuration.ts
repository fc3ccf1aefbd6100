import type { Params, SampleRequest } from '@foothold/core';

/** The user's default configuration with the given values, where the space states all of it and allows it. */
export function defaultConfiguration<P extends Params>({
  space,
  fixed,
}: Pick<SampleRequest<P>, 'space' | 'fixed'>): P | undefined {
  if (!space.defaults) return undefined;
  const params = { ...space.defaults, ...fixed } as P;
  try {
    space.encode(params);
    return space.violation?.(params) === undefined ? params : undefined;
  } catch {
    return undefined;
  }
}
