/** A request in the window. */
export interface WindowEntry {
  /** When it began. */
  readonly at: number;
  /** When its answer was there; undefined while it runs. */
  endedAt: number | undefined;
  tokens: number;
  isInWindow: boolean;
}

export interface SlidingWindow {
  /** Lets the requests leave that reached the provider a whole window ago: they share no window with one that begins now. */
  advance(now: number): void;
  hasRoom(tokens: number): boolean;
  add(at: number, tokens: number): WindowEntry;
  /**
   * A request has ended, and used so many tokens; more than it came with counts as far as there is room, and what is no number is what it
   * came with.
   */
  settle(entry: WindowEntry, end: { readonly now: number; readonly tokens: number }): void;
  /** The moment at which the first request leaves; undefined where there is none. */
  nextChange(): number | undefined;
}

/**
 * The requests that reached the provider in the last `window` milliseconds, and their tokens. When one did is not known: between its
 * beginning and its end, and not more than `arrivalDelay` after its beginning. So the latest of these moments counts.
 */
export function slidingWindow(limits: {
  readonly requests: number;
  readonly tokens: number;
  readonly window: number;
  readonly arrivalDelay: number;
}): SlidingWindow {
  const entries: WindowEntry[] = [];
  let used = 0;
  const leavesAt = ({ at, endedAt = Infinity }: WindowEntry) =>
    Math.min(at + limits.arrivalDelay, endedAt) + limits.window;
  return {
    advance(now) {
      while (entries.length > 0 && leavesAt(entries[0]!) <= now) {
        const left = entries.shift()!;
        left.isInWindow = false;
        used -= left.tokens;
      }
    },
    hasRoom: (tokens) => entries.length < limits.requests && used + tokens <= limits.tokens,
    add(at, tokens) {
      const entry = { at, endedAt: undefined, tokens, isInWindow: true };
      entries.push(entry);
      used += tokens;
      return entry;
    },
    settle(entry, { now, tokens }) {
      if (!entry.isInWindow) return;
      entry.endedAt = now;
      if (Number.isNaN(tokens)) return;
      const others = used - entry.tokens;
      entry.tokens = Math.min(Math.max(tokens, 0), limits.tokens - others);
      used = others + entry.tokens;
    },
    nextChange: () => (entries.length === 0 ? undefined : leavesAt(entries[0]!)),
  };
}
