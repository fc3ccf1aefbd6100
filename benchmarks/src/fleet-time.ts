import TinyQueue from 'tinyqueue';

/** Time that goes on when the next event is taken, in milliseconds from 0. */
export interface VirtualTime {
  now(): number;
  /** Calls this at that time, which is not before now; what is added for one time is called in its order. */
  at(ms: number, handle: () => void): void;
  /** Goes to the next event and calls all that were added for its time; false where there is none. */
  advance(): boolean;
}

interface TimedEvent {
  readonly ms: number;
  /** Orders events of the same time. */
  readonly order: number;
  readonly handle: () => void;
}

export function virtualTime(): VirtualTime {
  const queue = new TinyQueue<TimedEvent>([], (a, b) => a.ms - b.ms || a.order - b.order);
  let now = 0;
  let order = 0;
  return {
    now: () => now,
    at(ms, handle) {
      queue.push({ ms: Math.max(ms, now), order: order++, handle });
    },
    advance() {
      const first = queue.peek();
      if (!first) return false;
      now = first.ms;
      while (queue.peek()?.ms === now) queue.pop()!.handle();
      return true;
    },
  };
}
