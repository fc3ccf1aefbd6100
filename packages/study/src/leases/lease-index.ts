import type { Lease } from '@foothold/core';
import TinyQueue from 'tinyqueue';

/**
 * The running trials of a state by who has them and by when their leases run out, so that an ask finds those that nobody works on without
 * a look at all of them.
 */
export interface LeaseIndex {
  /** Takes in what the state says of this trial now. */
  update(number: number): void;
  /** Trials that this owner has a lease of. */
  of(owner: string): Iterable<number>;
  /** Trials without a lease. */
  readonly unleased: ReadonlySet<number>;
  /** Trials whose leases have no end. */
  readonly endless: ReadonlySet<number>;
  /** Trials whose leases ended before this time, in milliseconds of the study's clock. */
  overdue(now: number): readonly number[];
  /** What `alive` says of this owner. One of whom it once said undefined is not asked for again. */
  isAlive(alive: Alive, owner: string): boolean | undefined;
  /** Trials of the owners that have ended, as `isAlive` says. */
  ofEnded(alive: Alive): Iterable<number>;
}

type Alive = (owner: string) => boolean | undefined;

interface LeaseEnd {
  readonly number: number;
  readonly lease: Lease;
  readonly until: number;
}

/** Of these running trials and leases, which are changed in place. */
export function leaseIndex(running: ReadonlySet<number>, leases: ReadonlyMap<number, Lease>): LeaseIndex {
  const known = new Map<number, Lease>();
  const owners = owned();
  const unleased = new Set<number>();
  const endless = new Set<number>();
  let ends = endsOf([]);
  const isOver = ({ number, lease }: LeaseEnd) => known.get(number) !== lease;
  const dropOver = () => {
    while (ends.length > 0 && isOver(ends.peek()!)) ends.pop();
    // A lease that ran out may stand before many that were renewed since.
    if (ends.length > 2 * known.size + fewEnds) ends = endsOf(known);
  };
  const forget = (number: number) => {
    const lease = known.get(number);
    if (!lease) return;
    known.delete(number);
    endless.delete(number);
    owners.remove(lease.owner, number);
  };
  const add = (number: number, lease: Lease) => {
    known.set(number, lease);
    owners.add(lease.owner, number);
    const { until } = lease;
    if (until === undefined) endless.add(number);
    else ends.push({ number, lease, until });
  };
  const update = (number: number) => {
    const isRunning = running.has(number);
    const lease = isRunning ? leases.get(number) : undefined;
    if (isRunning && !lease) unleased.add(number);
    else unleased.delete(number);
    if (known.get(number) === lease) return;
    forget(number);
    if (lease) add(number, lease);
    dropOver();
  };
  for (const number of running) update(number);
  return {
    ...{ update, unleased, endless },
    ...{ of: owners.of, isAlive: owners.isAlive, ofEnded: owners.ofEnded },
    overdue(now) {
      // A lease may be there twice, where it was taken away and came back.
      const found = new Map<number, LeaseEnd>();
      while (ends.length > 0 && ends.peek()!.until < now) {
        const end = ends.pop()!;
        if (!isOver(end)) found.set(end.number, end);
      }
      for (const end of found.values()) ends.push(end);
      return [...found.keys()];
    },
  };
}

/** Ends of leases that are over which are not looked for among so few. */
const fewEnds = 100;

/** The ends of these leases, the first on top. */
function endsOf(leases: Iterable<readonly [number, Lease]>): TinyQueue<LeaseEnd> {
  const ends = [...leases].flatMap(([number, lease]) => {
    const { until } = lease;
    return until === undefined ? [] : [{ number, lease, until }];
  });
  return new TinyQueue<LeaseEnd>(ends, (a, b) => a.until - b.until);
}

/** Trials by their owners. */
function owned() {
  const numbers = new Map<string, Set<number>>();
  /** All owners that there were, in the order in which they came. */
  const all = new Set<string>();
  const list: string[] = [];
  const known = new WeakMap<
    Alive,
    { position: number; readonly seen: string[]; readonly unknown: Set<string> }
  >();
  const knownBy = (alive: Alive) => {
    const of = known.get(alive) ?? { position: 0, seen: [], unknown: new Set() };
    known.set(alive, of);
    return of;
  };
  const isAlive = (alive: Alive, owner: string) => {
    const { unknown } = knownBy(alive);
    if (unknown.has(owner)) return undefined;
    const said = alive(owner);
    if (said === undefined) unknown.add(owner);
    return said;
  };
  /** The owners of which the function says something. */
  const seenBy = (alive: Alive) => {
    const of = knownBy(alive);
    for (; of.position < list.length; of.position++) {
      const owner = list[of.position]!;
      if (isAlive(alive, owner) !== undefined) of.seen.push(owner);
    }
    return of.seen;
  };
  return {
    add(owner: string, number: number) {
      const of = numbers.get(owner);
      if (of) of.add(number);
      else numbers.set(owner, new Set([number]));
      if (all.has(owner)) return;
      all.add(owner);
      list.push(owner);
    },
    remove(owner: string, number: number) {
      const of = numbers.get(owner);
      of?.delete(number);
      if (of?.size === 0) numbers.delete(owner);
    },
    of: (owner: string): Iterable<number> => numbers.get(owner) ?? [],
    isAlive,
    *ofEnded(alive: Alive): Generator<number, void, undefined> {
      for (const owner of seenBy(alive)) {
        const of = numbers.get(owner);
        if (of && isAlive(alive, owner) === false) yield* of;
      }
    },
  };
}
