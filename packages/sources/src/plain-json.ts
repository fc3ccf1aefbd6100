import type { Json } from '@foothold/core';

/** The value as JSON holds it: numbers that are not finite are texts, such as "NaN". */
export function plainJson(value: unknown): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainJson(inner)]));
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}
