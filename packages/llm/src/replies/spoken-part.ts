/** As much of a reply as is read. */
export const maxCharacters = 100_000;

/** Marks around what reasoning models think before they answer. */
const thoughts = /<(\/?)(?:think|thinking|thought|reasoning)>/gi;

/** Where the answer of a reply begins and ends: behind the last end of thoughts, before thoughts that do not end. */
export function spokenRange(reply: string): { readonly start: number; readonly end: number } {
  let start = 0;
  let end = reply.length;
  for (const { 0: mark, 1: slash, index } of reply.matchAll(thoughts)) {
    if (slash === '/') {
      start = index + mark.length;
      end = reply.length;
    } else end = Math.min(end, index);
  }
  return { start, end: Math.min(end, start + maxCharacters) };
}

/** The part of a reply that is its answer, and not more than is read. */
export function spokenPart(reply: string): string {
  const { start, end } = spokenRange(reply);
  return reply.slice(start, end);
}
