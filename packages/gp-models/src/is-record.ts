import type { Json } from '@foothold/core';

/** True for an object of JSON: no list, no null. */
export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
