/**
 * Whether the adviser decides a trial: Thompson sampling of two arms with Bernoulli rewards (Thompson 1933; Chapelle, Li 2011, "An
 * Empirical Evaluation of Thompson Sampling"), each with a uniform prior, Beta(1, 1). No constant is tuned, and the share has no floor.
 */
import type { Direction, Params, ProgramState, Rng, Trial } from '@foothold/core';
import type { Answer } from './answer.ts';

/** What is known of one arm. */
interface Arm {
  readonly successes: number;
  readonly failures: number;
}

/** What a trial's `samplerState` keeps of it. */
export interface Turn<P extends Params = Params> {
  /** Whether the adviser was asked. */
  readonly asked: boolean;
  /** Whether the trial is one of its proposals, or was chosen with its prior. */
  readonly followed: boolean;
  /** Whether the trial was one of an initial design: nothing is said of who decides, where it is not followed. */
  readonly initial?: boolean;
  /** What it was asked, where it was, and what it proposed. */
  readonly question?: string;
  readonly proposed?: readonly P[];
  /** What it was asked for proposals before this one, which the same call of the sampler made; absent where there are none. */
  readonly earlier?: readonly Answer<P>[];
}

const stateName = 'advised';

/** The turn as a part of a trial's `samplerState`. */
export function turnState(turn: Turn): ProgramState {
  return { [stateName]: { ...turn } };
}

export function turnOf<P extends Params>({
  samplerState,
}: {
  readonly samplerState?: ProgramState | undefined;
}): Turn<P> | undefined {
  const turn = samplerState?.[stateName] as unknown as Turn<P> | null | undefined;
  return typeof turn?.asked === 'boolean' && typeof turn.followed === 'boolean' ? turn : undefined;
}

/**
 * Successes and failures of both arms among the trials that ended. A trial succeeds where its value is better than all told ones of lower
 * numbers, the user's default configuration among them. Asked and not followed, or with nothing to follow, is a failure of the
 * adviser, and the trial then counts for the sampler.
 */
export function armsOf(
  trials: readonly Trial[],
  direction: Direction,
): { readonly adviser: Arm; readonly own: Arm } {
  const sign = direction === 'maximize' ? 1 : -1;
  const adviser = { successes: 0, failures: 0 };
  const own = { successes: 0, failures: 0 };
  let best = -Infinity;
  for (const trial of trials) {
    if (trial.outside !== undefined) continue;
    const value = trial.state === 'complete' && Number.isFinite(trial.value) ? sign * trial.value : -Infinity;
    const isBetter = value > best;
    best = Math.max(best, value);
    const turn = turnOf(trial);
    if (!turn || (turn.initial && !turn.followed)) continue;
    if (turn.asked && !turn.followed) adviser.failures++;
    if (trial.state === 'running') continue;
    (turn.followed ? adviser : own)[isBetter ? 'successes' : 'failures']++;
  }
  return { adviser, own };
}

/** Whether a draw from the adviser's belief is above one from the sampler's. */
export function isAdviserDrawn(arms: { readonly adviser: Arm; readonly own: Arm }, rng: Rng): boolean {
  return betaDraw(arms.adviser, rng.fork('adviser')) > betaDraw(arms.own, rng.fork('own'));
}

/** From Beta(1 + s, 1 + f): the (1 + s)-th smallest of 1 + s + f uniform numbers. */
function betaDraw({ successes, failures }: Arm, rng: Rng): number {
  return Float64Array.from({ length: 1 + successes + failures }, () => rng.next()).sort()[successes]!;
}
