import { InvalidArgumentError } from '@foothold/core';
import * as v from 'valibot';
import { listForObject } from './list-for-object.ts';
import { jsonWithNumberNames, notFiniteIn } from './number-names.ts';
import { refusedMember } from './refused-member.ts';
import { repeatedName } from './repeated-name.ts';

/** Names that valibot leaves out of a record: refused everywhere, so that none is dropped without a message. */
const reserved = new Set(['__proto__', 'constructor', 'prototype']);

/** Levels of objects and lists in a request; few have more than five. Much deeper ones cost whoever walks through them. */
const maxLevels = 100;

/**
 * The JSON of a text, `NaN` and the infinities as numbers; `what` names the text in messages. Throws InvalidArgumentError for what is no
 * JSON, for what is nested more than 100 levels deep, and for a name that an object has twice.
 */
export function parsedJson(what: string, text: string): unknown {
  if (levelsOf(text) > maxLevels)
    throw new InvalidArgumentError(what, text, `JSON, at most ${maxLevels} levels deep`);
  let json: unknown;
  try {
    json = jsonWithNumberNames(text);
  } catch {
    throw new InvalidArgumentError(what, text, 'one JSON object, such as {"op":"ask"}');
  }
  const repeated = repeatedName(text);
  if (repeated !== undefined)
    throw new InvalidArgumentError('a name', repeated, 'each name once in an object');
  return json;
}

/**
 * The JSON as the schema of the operation gives it. Throws InvalidArgumentError with the member that is wrong, its value and what is
 * allowed, and for a name that a schema would leave out in silence: `__proto__`, `constructor` or `prototype`.
 */
export function checkedJson<S extends v.GenericSchema>(
  json: unknown,
  { op, schema }: { readonly op: string; readonly schema: S },
): v.InferOutput<S> {
  const forbidden = reservedIn(json);
  if (forbidden !== undefined)
    throw new InvalidArgumentError('a name', forbidden, `any but ${[...reserved].join(', ')}`);
  const odd = notFiniteIn(json);
  if (odd) throw new InvalidArgumentError(odd.path, odd.value, allowedNumber(op, odd.path));
  const list = listForObject(schema, json);
  if (list) throw new InvalidArgumentError(list.path || op, list.value, 'an object');
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const { path, value, allowed } = refusedMember(result.issues[0]);
  // JavaScript writes NaN as null.
  const isNumber = value === null && allowed === 'number';
  throw new InvalidArgumentError(path || op, value, isNumber ? allowedNumber(op, path) : allowed);
}

function allowedNumber(op: string, path: string): string {
  const isValue = (op === 'tell' && path === 'value') || (op === 'load' && path.endsWith('.value'));
  return isValue ? 'a finite number, or "state":"failed" with a "reason"' : 'a finite number';
}

/** How deep objects and lists are nested in the text, without the brackets in its strings. */
function levelsOf(text: string): number {
  let [level, most] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') for (i++; i < text.length && text[i] !== '"'; i++) i += text[i] === '\\' ? 1 : 0;
    else if (character === '{' || character === '[') most = Math.max(most, ++level);
    else if (character === '}' || character === ']') level--;
  }
  return most;
}

/** A name anywhere in the JSON that a schema would leave out. */
function reservedIn(json: unknown): string | undefined {
  const open: unknown[] = [json];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (reserved.has(key)) return key;
      open.push(inner);
    }
  }
  return undefined;
}
