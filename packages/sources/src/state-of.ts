import { InvalidArgumentError } from '@foothold/core';

const states: Readonly<Record<string, 'complete' | 'failed' | 'pruned' | 'running'>> = {
  '': 'complete',
  complete: 'complete',
  failed: 'failed',
  fail: 'failed',
  pruned: 'pruned',
  running: 'running',
  waiting: 'running',
};

/** The state that a text of a file means; complete for none. Throws InvalidArgumentError with `argument`. */
export function stateOf(text: unknown, argument: string): 'complete' | 'failed' | 'pruned' | 'running' {
  const word = text === undefined || text === null ? '' : typeof text === 'string' ? text.toLowerCase() : '?';
  const state = Object.hasOwn(states, word) ? states[word] : undefined;
  if (state === undefined)
    throw new InvalidArgumentError(argument, text, 'complete, failed, pruned, running, waiting, or none');
  return state;
}
