import { InvalidArgumentError } from '@foothold/core';

/** A part of a command where a parameter's value goes, or (`flag`) one of two texts by whether the parameter is true. */
export interface Placeholder {
  readonly name: string;
  readonly flag?: { readonly whenTrue: string; readonly whenFalse: string };
}

/** Values by name; null counts as none. */
export type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface PlaceholderAt {
  readonly placeholder: Placeholder;
  /** Index after its closing brace. */
  readonly end: number;
}

/**
 * The placeholder at the brace at `i`: `{name}` with any name that is known, or `{name?text}` and `{name?text:other}`. Undefined
 * for a brace that is text: of JSON, of a shell, of a regular expression.
 *
 * Throws InvalidArgumentError for one word or several in braces that are no name, so that a misspelt name is not passed on.
 */
export function placeholderAt(text: string, i: number, names: readonly string[]): PlaceholderAt | undefined {
  let found: PlaceholderAt | undefined;
  for (const name of names) {
    if (!text.startsWith(name, i + 1)) continue;
    const after = i + 1 + name.length;
    if (text[after] === '}') {
      if (found === undefined || after + 1 > found.end) found = { placeholder: { name }, end: after + 1 };
    } else if (text[after] === '?' && found === undefined) {
      const close = text.indexOf('}', after);
      if (close >= 0)
        found = { placeholder: { name, flag: choiceOf(text.slice(after + 1, close)) }, end: close + 1 };
    }
  }
  if (found === undefined) refuseMisspelt(text, i, names);
  return found;
}

/** Index after `{{…}}` at `i`, which stands for `{…}`; undefined where there is none. */
export function escapedEnd(text: string, i: number): number | undefined {
  if (text[i + 1] !== '{') return undefined;
  let k = i + 2;
  while (k < text.length && text[k] !== '{' && text[k] !== '}') k++;
  return text[k] === '}' && text[k + 1] === '}' && k > i + 2 ? k + 2 : undefined;
}

/** The text that a placeholder stands for; undefined where its parameter has no value in this trial (a flag is empty then). */
export function filled({ name, flag }: Placeholder, values: Values): string | undefined {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || value === null) return flag ? '' : undefined;
  if (!flag) return String(value);
  const truth = /^(?:true|1)$/.test(String(value))
    ? true
    : /^(?:false|0)$/.test(String(value))
      ? false
      : undefined;
  if (truth === undefined)
    throw new InvalidArgumentError(name, value, `true or false, for it stands in a command as {${name}?…}`);
  return truth ? flag.whenTrue : flag.whenFalse;
}

function choiceOf(text: string): { readonly whenTrue: string; readonly whenFalse: string } {
  const colon = text.indexOf(':');
  return colon < 0
    ? { whenTrue: text, whenFalse: '' }
    : { whenTrue: text.slice(0, colon), whenFalse: text.slice(colon + 1) };
}

/** Characters that a name in braces hardly has, and JSON, shells and programs in a command do. */
const code = /["'`:,;$()[\]=<>|&*+\\\n]|^\s|\s$|^\d*$|\.\./;

function refuseMisspelt(text: string, i: number, names: readonly string[]): void {
  let close = i + 1;
  while (close < text.length && text[close] !== '{' && text[close] !== '}') close++;
  if (text[close] !== '}') return;
  const inner = text.slice(i + 1, close);
  if (code.test(inner) && !names.includes(inner.trim())) return;
  const known = names.map((name) => `{${name}}`).join(', ');
  const shell = text[i - 1] === '$' ? `; $\{${inner}} is for a shell: add --shell` : '';
  throw new InvalidArgumentError(
    '--run',
    `{${inner}}`,
    `a parameter of the space: ${known}; {{${inner}}} for the text {${inner}}${shell}`,
  );
}
