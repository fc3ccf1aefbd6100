import type { StudyEvent } from '@foothold/core';
import type { OpenLog } from './open-log.ts';
import { readAgain } from './read-log.ts';

/** At most `limit` events from a position on that was read before. Those that are left of a record are not read again. */
export function readPart(open: OpenLog, from: number, limit: number): readonly StudyEvent[] {
  if (limit === 1) return readSingle(open, from);
  const { log, rest: kept } = open;
  const known = kept?.of === log && kept.at === from ? kept.events.deref() : undefined;
  // Fewer than asked for: more may stand behind the record.
  const isEnough = known !== undefined && (known.length >= limit || from + known.length === log.length);
  const { events, rest } = isEnough
    ? { events: known.slice(0, limit), rest: known.slice(limit) }
    : readAgain(open, log, { from, limit });
  const at = from + events.length;
  open.rest = rest.length > 0 ? { of: log, at, events: new WeakRef(rest) } : undefined;
  return events;
}

/** One event, and the same one again without its record: who waits for events asks for the last one again and again. */
function readSingle(open: OpenLog, at: number): readonly StudyEvent[] {
  const { log, single } = open;
  if (single?.of === log && single.at === at) return [single.event];
  const { events } = readAgain(open, log, { from: at, limit: 1 });
  if (events.length === 1) open.single = { of: log, at, event: events[0]! };
  return events;
}
