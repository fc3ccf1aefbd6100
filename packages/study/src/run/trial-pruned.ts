import { OptimizationError } from '@foothold/core';

/** Thrown by an objective's `report` when the trial is not worth finishing; let it pass, and the trial is recorded as pruned. */
export class TrialPruned extends OptimizationError {
  static override readonly id: string = 'TrialPruned';
  readonly number: number;
  readonly step: number;
  constructor(number: number, step: number) {
    super(`trial ${number} was pruned at step ${step}`);
    this.number = number;
    this.step = step;
  }
}
