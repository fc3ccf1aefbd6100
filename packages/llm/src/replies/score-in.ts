import { numberIn } from './number-in.ts';
import { spokenPart } from './spoken-part.ts';

const marked = /##([^#]{1,80})##/g;
const anyNumber = /[+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+)?%?/g;

/** What stands behind a number that is no value: a percentage, a unit, the rest of a name. */
const behindNoValue = /^(?:[a-z_]|\s*(?:%|per ?cent))/i;
/** A name that ends in a number: v2, ResNet-50. */
const name = /[a-z_]$/i;

/**
 * The value that a reply predicts: the first number between `##` marks, else the only number of the reply. Undefined where
 * there is none, several, a part of a word (v2, 10k), or a percentage: 85% is 85 in one scale and 0.85 in another.
 */
export function scoreIn(reply: string): number | undefined {
  const text = spokenPart(reply);
  for (const [, inside] of text.matchAll(marked)) {
    const value = numberIn(inside!) ?? onlyNumber(inside!);
    if (value !== undefined) return value;
  }
  return onlyNumber(text);
}

function onlyNumber(text: string): number | undefined {
  let only: RegExpExecArray | undefined;
  for (const found of text.matchAll(anyNumber)) {
    if (only !== undefined) return undefined;
    only = found;
  }
  if (only === undefined) return undefined;
  const { 0: number, index } = only;
  const end = index + number.length;
  const isPart =
    name.test(text.slice(Math.max(index - 1, 0), index)) || behindNoValue.test(text.slice(end, end + 20));
  return isPart ? undefined : numberIn(number);
}
