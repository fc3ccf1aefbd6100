import type { Json, Why } from '@foothold/core';
import { spentWhy } from '../limits/spent-why.ts';
import type { Meter } from './metered-model.ts';

/** What a posterior of a language model says of itself: what it cost so far, and what went wrong. */
export function surrogateWhy(
  meter: Meter,
  facts: { readonly surrogate: string; readonly failure: string | undefined } & Readonly<
    Record<string, Json | undefined>
  >,
): Why {
  return {
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    ...spentWhy(meter),
  } as Why;
}
