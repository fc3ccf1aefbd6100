import { InvalidArgumentError, OptimizationError, OutOfSpaceError } from '@foothold/core';
import { type Answer, describedError } from '@foothold/protocol';
import { AnswerError } from './study-calls.ts';

/**
 * What an agent is told of an error: its code, a message, whether the same call may succeed later and, where an argument is wrong,
 * which one, its value and what is allowed. What nobody threw on purpose goes to `onError` and is not shown.
 */
export function toolError(
  error: unknown,
  { given, onError }: { readonly given: unknown; readonly onError: (error: unknown) => void },
): Answer {
  if (error instanceof AnswerError) return withValue(error.members, given);
  if (error instanceof InvalidArgumentError) {
    const { argument, value, allowed } = error;
    return { ...describedError(error), argument, value, allowed };
  }
  if (error instanceof OutOfSpaceError) {
    const { parameter, value, allowed } = error;
    return { ...describedError(error), parameter, value, allowed };
  }
  if (error instanceof OptimizationError) return describedError(error);
  if (error instanceof DOMException && error.name === 'AbortError')
    return { code: 'AbortError', message: 'the call was cancelled', retry: true };
  onError(error);
  const message = 'the server failed; its own output says why';
  return { code: 'InternalError', message, retry: false };
}

/** The answer's members with the value that the call had for what is wrong. */
function withValue(members: Answer, given: unknown): Answer {
  const { argument, parameter } = members;
  const value =
    typeof argument === 'string'
      ? valueAt(given, argument.split('.'))
      : typeof parameter === 'string'
        ? (valueAt(given, ['params', parameter]) ?? valueAt(given, ['fixed', parameter]))
        : undefined;
  return value === undefined ? members : { ...members, value };
}

function valueAt(given: unknown, path: readonly string[]): unknown {
  let value = given;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Answer)[name];
  }
  return value;
}
