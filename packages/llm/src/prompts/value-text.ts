import type { Params } from '@foothold/core';
import { numberText } from './number-text.ts';

/** What `configurationsIn` reads back as the same text without quotes. */
const plain = /^[A-Za-z][\w.+/-]*$/;
const names = new Set(['true', 'false', 'null', 'none']);

/** A parameter's value as prompts show it; texts that could be read otherwise stand in quotes, as JSON writes them. */
export function valueText(value: Params[string]): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'string') return String(value);
  return plain.test(value) && !names.has(value.toLowerCase()) ? value : JSON.stringify(value);
}
