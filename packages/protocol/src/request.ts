import { InvalidArgumentError } from '@foothold/core';
import { checkedJson } from './checked-json.ts';
import { type Request, requestSchemas } from './request-schemas.ts';

/** The request that the JSON is. Throws InvalidArgumentError with the member that is wrong, its value and what is allowed. */
export function requestOf(json: unknown): Request {
  const op = typeof json === 'object' && json !== null && 'op' in json ? json.op : undefined;
  if (typeof op !== 'string' || !Object.hasOwn(requestSchemas, op))
    throw new InvalidArgumentError('op', op, `one of ${Object.keys(requestSchemas).join(', ')}`);
  return checkedJson(json, { op, schema: requestSchemas[op as Request['op']] }) as Request;
}
