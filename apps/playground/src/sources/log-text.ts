import type { StudyEvent } from '@foothold/core';

/** The log of a study as JSON lines in the form of the files of `fileStorage`: `foothold import` and `readStudy` read it. */
export function logText(events: readonly StudyEvent[]): string {
  return events
    .map((event, at) => `${JSON.stringify({ at, by: `export:${at}`, events: [event] })}\n`)
    .join('');
}

/**
 * The events of such a text, or of a file of `fileStorage`: a record counts where it is the first at its position. Checksums are not looked at;
 * `writeLog` refuses what is no study. Undefined for a text that is no log.
 */
export function eventsOfLogText(text: string): readonly StudyEvent[] | undefined {
  const events: StudyEvent[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const record = recordOf(line);
    if (!record) return undefined;
    if (record.at === events.length) events.push(...record.events);
  }
  return events.length > 0 ? events : undefined;
}

function recordOf(line: string): { readonly at: number; readonly events: readonly StudyEvent[] } | undefined {
  try {
    const { at, events } = JSON.parse(line) as { readonly at?: unknown; readonly events?: unknown };
    return Number.isSafeInteger(at) && Array.isArray(events)
      ? { at: at as number, events: events as readonly StudyEvent[] }
      : undefined;
  } catch {
    return undefined;
  }
}
