import type { StudyEvent } from '@foothold/core';

/** The trials that one object of a study gave up: it wrote their ends, as nobody works on them any more. */
export interface GivenUp {
  /** To be called with the events of such ends once they are in the log. */
  add(events: readonly StudyEvent[]): void;
  /** The numbers since the last call. */
  take(): readonly number[];
}

/** None so far. */
export function givenUpTrials(): GivenUp {
  const numbers: number[] = [];
  return {
    add: (events) => {
      for (const event of events) if (event.type === 'told') numbers.push(event.number);
    },
    take: () => numbers.splice(0),
  };
}
