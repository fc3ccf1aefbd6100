import type { Rng } from '@foothold/core';

/** What machines and evaluations of a fleet are like. Times are milliseconds. */
export interface FleetBehaviour {
  /** Of one evaluation, the parameters whatever they are. */
  duration(rng: Rng): number;
  /** Probability that an evaluation takes so many times as long. */
  readonly stragglers?: { readonly share: number; readonly factor: number };
  /** Probability that an evaluation fails, at any time of its duration alike. Default: 0. */
  readonly failureShare?: number;
  readonly preemption?: Preemption;
}

/** Machines are taken away without a word. */
export interface Preemption {
  /** Mean time at work until then; exponential. */
  readonly everyMs: number;
  /** Until another machine stands in its place. */
  readonly backMs: number;
  /** Probability that the machine only stood still for this time, and then goes on with its trial. Default: 0. */
  readonly pausedShare?: number;
  readonly pausedMs?: number;
}

/** One evaluation, as it would be without pre-emption, and when that comes, both from its beginning. */
export interface Attempt {
  readonly ms: number;
  readonly isFailure: boolean;
  /** Infinity where the evaluation is not taken away. */
  readonly preemptedAt: number;
  readonly isPaused: boolean;
}

export function attemptOf(behaviour: FleetBehaviour, rng: Rng): Attempt {
  const { stragglers, failureShare = 0, preemption } = behaviour;
  const whole =
    behaviour.duration(rng) * (stragglers && rng.next() < stragglers.share ? stragglers.factor : 1);
  const isFailure = rng.next() < failureShare;
  const ms = isFailure ? whole * rng.next() : whole;
  const until = preemption ? exponential(preemption.everyMs)(rng) : Infinity;
  const isPaused = rng.next() < (preemption?.pausedShare ?? 0);
  return { ms, isFailure, preemptedAt: until < ms ? until : Infinity, isPaused };
}

/** Durations whose logarithm is normal, with this median and standard deviation of the logarithm. */
export function lognormal(median: number, sigma: number): (rng: Rng) => number {
  // Box and Muller's transform; 1 − u is not 0.
  return (rng) =>
    median * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next()));
}

export function exponential(mean: number): (rng: Rng) => number {
  return (rng) => -mean * Math.log(1 - rng.next());
}
