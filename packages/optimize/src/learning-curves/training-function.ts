import type { Awaitable, Params, TrainingPiece } from '@foothold/core';
import type { Evaluation, TrialContext } from '@foothold/study';

/**
 * Trains one configuration from a fidelity to another, and returns the value there: from its checkpoint, or from the beginning where
 * `from` is 0. `report(step, value)` takes the values between, at steps after `from` and up to `to`.
 */
export type TrainingFunction<P extends Params = Params> = (
  params: P,
  context: TrainingContext,
) => Awaitable<Evaluation>;

export interface TrainingContext extends Omit<TrialContext, 'piece'>, TrainingPiece {
  /** Folder for this piece's checkpoint, with what the piece before left in it; where there is a `checkpointDirectory`. */
  readonly checkpoint?: string;
}
