/**
 * Milliseconds that an answer asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date, which counts from the answer's own
 * `Date`; undefined where it asks for nothing that can be read.
 */
export function retryAfterIn(headers: Readonly<Record<string, string>>): number | undefined {
  const milliseconds = numberIn(headers['retry-after-ms']);
  if (milliseconds !== undefined) return milliseconds;
  const text = headers['retry-after'];
  const seconds = numberIn(text);
  if (seconds !== undefined) return 1000 * seconds;
  const wait = Date.parse(text ?? '') - Date.parse(headers['date'] ?? '');
  return Number.isFinite(wait) ? Math.max(wait, 0) : undefined;
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
