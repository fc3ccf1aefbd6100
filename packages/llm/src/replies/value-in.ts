import type { ParameterDescription } from '@foothold/core';
import { bare } from './bare.ts';
import { numberIn } from './number-in.ts';

type Value = string | number | boolean | null;

const names: Readonly<Record<string, Value>> = { true: true, false: false, null: null, none: null };

/** The value of a parameter that a text means; undefined where it is none of its kind. Whether a number is in range is the space's matter. */
export function valueIn(text: string, description: ParameterDescription): Value | undefined {
  if (description.type === 'real' || description.type === 'int') return numberOf(text);
  const { choices } = description;
  const exact = choices.find((choice) => typeof choice === 'string' && choice === text);
  if (exact !== undefined) return exact;
  const number = numberOf(text);
  const byNumber = number === undefined ? undefined : choices.find((choice) => choice === number);
  if (byNumber !== undefined) return byNumber;
  const folded = bare(text).toLowerCase();
  const named = Object.hasOwn(names, folded) ? names[folded] : undefined;
  if (named !== undefined && choices.some((choice) => choice === named)) return named;
  const alike = choices.filter((choice) => String(choice).toLowerCase() === folded);
  return alike.length === 1 ? alike[0] : undefined;
}

/** The number of a text, without a remark in brackets behind it. */
function numberOf(text: string): number | undefined {
  const remark = text.indexOf(' (');
  const head = remark < 0 ? text : text.slice(0, remark);
  return numberIn(head) ?? numberIn(bare(head));
}
