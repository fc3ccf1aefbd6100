import type { Json, Sampler } from '@foothold/core';

/** Name and options of a sampler that is a part of another one, as far as it states them. */
export function describedSampler({ name, options }: Sampler): { readonly [key: string]: Json } {
  return { name: name ?? 'unnamed', ...(options !== undefined && { options }) };
}
