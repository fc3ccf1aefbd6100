import type { StudyEvent } from '@foothold/core';

/** What the program of a trial printed last, as the log says; none where it has none. */
export function outputIn(events: readonly StudyEvent[], number: number): readonly string[] {
  const printed = events.findLast((event) => event.type === 'printed' && event.number === number);
  return printed?.type === 'printed' ? printed.lines : [];
}
