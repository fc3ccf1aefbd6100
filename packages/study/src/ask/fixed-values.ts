/** Values that an ask or an entry of the queue gives, and what a sampler makes of them. */
import {
  type Params,
  type Proposal,
  type Rng,
  type Sampler,
  type SearchSpace,
  UnsupportedError,
} from '@foothold/core';
import { canonical, throughJson } from '../log/canonical.ts';
import { nameOf } from '../refuse-unsupported.ts';

/** The fixed values with the parents that make them active: no sampler has to find those by chance. */
export function withParents<P extends Params>(
  space: SearchSpace<P>,
  fixed: Partial<P> | undefined,
  rng: Rng,
): Partial<P> | undefined {
  return fixed && Object.keys(fixed).length > 0 ? (space.withParents?.(fixed, rng) ?? fixed) : fixed;
}

/** The proposed parameters with the fixed values to the last bit, which a coordinate may have rounded. */
export function withFixed<P extends Params>(
  space: SearchSpace<P>,
  {
    proposal,
    sampler,
    fixed = {},
  }: { readonly proposal: Proposal<P>; readonly sampler: Sampler; readonly fixed?: Partial<P> | undefined },
): P {
  const params: Record<string, Params[string]> = throughJson(proposal.params);
  for (const [name, value] of Object.entries(fixed)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(params, name) || !isAlmost(space, name, [params[name]!, value as Params[string]]))
      throw new UnsupportedError('fixed values', nameOf(sampler), `it proposed ${canonical(params)}`);
    params[name] = value as Params[string];
  }
  return params as P;
}

/** Coordinates closer than this are one: decoding and encoding again may change the last bits. */
const resolution = 2 ** -40;

function isAlmost<P extends Params>(
  space: SearchSpace<P>,
  name: string,
  [a, b]: readonly [Params[string], Params[string]],
): boolean {
  if (a === b) return true;
  if (typeof a !== 'number' || typeof b !== 'number' || !space.coordinates) return false;
  const [of, at] = [a, b].map((value) => space.coordinates!({ [name]: value } as Partial<P>));
  return of!.every((u, j) => Number.isNaN(u) || Math.abs(u - at![j]!) <= resolution);
}

/** Whether what waits in the queue has another value than the ask gives. */
export function isContrary<P extends Params>(entry: Partial<P>, fixed: Partial<P> | undefined): boolean {
  return Object.keys(entry).some((name) => fixed?.[name] !== undefined && fixed[name] !== entry[name]);
}
