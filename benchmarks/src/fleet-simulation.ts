/**
 * A fleet of workers on one study, in virtual time: discrete events, seeded. Workers ask, evaluate for a while, renew their leases, fail,
 * are slow or taken away, and tell; what they ask is answered by a real server, whose time is part of the simulation.
 */
import { type Params, type Rng, seeded } from '@foothold/core';
import { type Attempt, attemptOf, type FleetBehaviour } from './fleet-behaviour.ts';
import type { FleetClient, GivenTrial } from './fleet-client.ts';
import type { FleetServer } from './fleet-server.ts';
import type { VirtualTime } from './fleet-time.ts';

export interface Fleet {
  readonly workers: number;
  readonly behaviour: FleetBehaviour;
  readonly seed: number;
  /** Milliseconds of a lease: a worker renews it each third of it. */
  readonly leaseMs: number;
  readonly objective: (params: Params) => number;
  /** Whether workers wait for one another: all ask once all have told. */
  readonly isInBatches?: boolean | undefined;
}

export interface FleetParts {
  /** Whether all trials have ended: nobody asks any more. */
  readonly isOver: () => boolean;
  readonly time: VirtualTime;
  readonly server: FleetServer;
  readonly client: FleetClient;
}

/** What the workers of a run say of it. Times are milliseconds. */
export interface FleetResult {
  /** Share of the time of all workers in which they evaluated, until the last new trial was given. */
  readonly busyShare: number;
  /** The part of it whose outcomes were kept. */
  readonly usefulShare: number;
  /** When the last outcome was told. */
  readonly endMs: number;
  /** From an ask until its trial: mean and largest, of those that were given one. */
  readonly waits: { readonly meanMs: number; readonly maxMs: number };
  readonly counts: FleetCounts;
  /** Value of each outcome that was acknowledged as complete, by the number of the trial; NaN for a failure. */
  readonly acknowledged: ReadonlyMap<number, number>;
  /** The best value after each time at which it became better. */
  readonly best: readonly (readonly [ms: number, value: number])[];
}

export interface FleetCounts {
  /** Evaluations that began. */
  evaluations: number;
  failures: number;
  preempted: number;
  paused: number;
  /** Outcomes that came after another worker had the trial. */
  late: number;
  renewals: number;
}

/** One machine after another, each in place of the one before. */
interface Slot {
  readonly rng: Rng;
  readonly index: number;
  machines: number;
  asks: number;
}

interface Run extends Fleet, FleetParts {
  readonly slots: readonly Slot[];
  readonly counts: FleetCounts;
  readonly acknowledged: Map<number, number>;
  readonly best: (readonly [number, number])[];
  /** Slots that wait for a trial, where they wait for one another. */
  held: Slot[];
  /** Evaluations up to now: when each began and ended, and whether its outcome was kept. */
  readonly spans: Spans;
  waits: number;
  maxMs: number;
  /** When a slot first heard that there is no further trial. */
  limitAt: number;
  endMs: number;
}

/** Runs until no trial is left. */
export async function simulated(fleet: Fleet, parts: FleetParts): Promise<FleetResult> {
  const run = runOf(fleet, parts);
  for (const slot of run.slots) ask(run, slot);
  const { time, server } = parts;
  while ((await server.work()) || time.advance());
  const { counts, acknowledged, best, endMs, spans } = run;
  const until = Math.min(run.limitAt, endMs);
  const share = (of: number) => of / (until * fleet.workers);
  const { busyMs, usefulMs } = spans.until(until);
  return {
    ...{ busyShare: share(busyMs), usefulShare: share(usefulMs), endMs },
    waits: { meanMs: run.waits / counts.evaluations, maxMs: run.maxMs },
    ...{ counts, acknowledged, best },
  };
}

function runOf(fleet: Fleet, parts: FleetParts): Run {
  const rng = seeded(fleet.seed);
  const counts = { evaluations: 0, failures: 0, preempted: 0, paused: 0, late: 0, renewals: 0 };
  return {
    ...{ ...fleet, ...parts, counts },
    slots: Array.from({ length: fleet.workers }, (_, index) => ({
      ...{ rng: rng.fork(index), index, machines: 0, asks: 0 },
    })),
    ...{ acknowledged: new Map(), best: [], held: [], spans: spansOf() },
    ...{ waits: 0, maxMs: 0, limitAt: Infinity, endMs: 0 },
  };
}

/** The slot asks, or waits until all the others do. */
function ask(run: Run, slot: Slot): void {
  if (!run.isInBatches) {
    askNow(run, slot);
    return;
  }
  run.held.push(slot);
  if (run.held.length < run.workers) return;
  const all = run.held;
  run.held = [];
  for (const one of all) askNow(run, one);
}

function askNow(run: Run, slot: Slot): void {
  const { server, client, time } = run;
  const worker = `w${slot.index}.${slot.machines}`;
  const key = `${worker}.${slot.asks++}`;
  const since = time.now();
  server.send({
    kind: 'ask',
    call: () => client.ask(worker, key),
    answered: (answer) => {
      const given = answer as GivenTrial | 'limit';
      if (given === 'limit') {
        atLimit(run, slot);
        return;
      }
      const waited = time.now() - since;
      run.waits += waited;
      run.maxMs = Math.max(run.maxMs, waited);
      begin(run, slot, { worker, given });
    },
  });
}

/** Share of the slots that wait at the end, for trials that others lose. */
const reserve = 0.01;

/** The fleet is let go, but for a few slots: those ask again once a lease may have run out. */
function atLimit(run: Run, slot: Slot): void {
  const { time, leaseMs, workers } = run;
  run.limitAt = Math.min(run.limitAt, time.now());
  if (slot.index >= Math.max(1, reserve * workers)) return;
  time.at(time.now() + leaseMs, () => {
    if (!run.isOver()) askNow(run, slot);
  });
}

interface Evaluation {
  readonly worker: string;
  readonly given: GivenTrial;
}

function begin(run: Run, slot: Slot, of: Evaluation): void {
  const { time, counts, behaviour } = run;
  const attempt = attemptOf(behaviour, slot.rng);
  const began = time.now();
  counts.evaluations++;
  const { preemption } = behaviour;
  if (!preemption || attempt.preemptedAt === Infinity) {
    renewals(run, of, began + attempt.ms);
    time.at(began + attempt.ms, () => {
      tell(run, { ...of, attempt, began }, () => ask(run, slot));
    });
    return;
  }
  const lostAt = began + attempt.preemptedAt;
  renewals(run, of, lostAt);
  time.at(lostAt, () => {
    if (attempt.isPaused) counts.paused++;
    else {
      counts.preempted++;
      run.spans.add(began, lostAt, false);
    }
  });
  slot.machines++;
  // A machine that stood still goes on beside the one in its slot, and ends with its outcome.
  if (attempt.isPaused) {
    const end = began + attempt.ms + (preemption.pausedMs ?? 0);
    time.at(end, () => tell(run, { ...of, attempt, began }, () => undefined));
  }
  time.at(lostAt + preemption.backMs, () => ask(run, slot));
}

/** Renews the lease until then, each third of it. */
function renewals(run: Run, { worker, given }: Evaluation, until: number): void {
  const { time, server, client, leaseMs, counts } = run;
  const next = () => {
    const at = time.now() + leaseMs / 3;
    if (at >= until) return;
    time.at(at, () => {
      counts.renewals++;
      server.send({
        kind: 'renew',
        call: () => client.renew(worker, given.number),
        answered: (answer) => {
          if (answer === 'kept') next();
        },
      });
    });
  };
  next();
}

function tell(
  run: Run,
  { worker, given, attempt, began }: Evaluation & { readonly attempt: Attempt; readonly began: number },
  then: () => void,
): void {
  const { time, server, client, counts, objective, acknowledged, best } = run;
  const { number, params } = given;
  const value = objective(params);
  const outcome = attempt.isFailure
    ? ({ state: 'failed', reason: 'simulated' } as const)
    : ({ state: 'complete', value } as const);
  const [workedFrom, workedUntil] = [time.now() - attempt.ms, time.now()];
  server.send({
    kind: 'tell',
    call: () => client.tell(worker, number, outcome),
    answered: (answer) => {
      const isKept = answer === 'kept';
      // One that stood still counts its work at its end.
      run.spans.add(Math.max(began, workedFrom), workedUntil, isKept);
      if (isKept) {
        run.endMs = time.now();
        if (attempt.isFailure) counts.failures++;
        acknowledged.set(number, attempt.isFailure ? Number.NaN : value);
        const isBetter = !attempt.isFailure && !(value >= (best.at(-1)?.[1] ?? Infinity));
        if (isBetter) best.push([time.now(), value]);
      } else counts.late++;
      then();
    },
  });
}

/** Times of evaluations, from which what lies before a time is summed. */
interface Spans {
  add(from: number, to: number, isUseful: boolean): void;
  until(ms: number): { readonly busyMs: number; readonly usefulMs: number };
}

function spansOf(): Spans {
  const all: number[] = [];
  return {
    add: (from, to, isUseful) => void all.push(from, to, isUseful ? 1 : 0),
    until(ms) {
      let [busyMs, usefulMs] = [0, 0];
      for (let i = 0; i < all.length; i += 3) {
        const length = Math.max(0, Math.min(all[i + 1]!, ms) - Math.min(all[i]!, ms));
        busyMs += length;
        usefulMs += length * all[i + 2]!;
      }
      return { busyMs, usefulMs };
    },
  };
}
