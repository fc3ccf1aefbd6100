import { source } from './app-state.ts';
import { ago } from './text.ts';

/** Read without following it: a view that follows one signal is drawn again for that one only, and not with the view around it. */
const report = () => source.peek()?.report;

/** Milliseconds since 1970 of what the page shows: now, or when the report was written. */
export function presentTime(): number {
  return report()?.writtenAt ?? Date.now();
}

/** `4 minutes ago`; in a report, which may be read at any time, the date and the time of day. */
export function whenText(time: number): string {
  return report()
    ? new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
    : ago(time, Date.now());
}

/** The same without the time of day, for large type. */
export function dayText(time: number): string {
  return report()
    ? new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium' })
    : ago(time, Date.now());
}
