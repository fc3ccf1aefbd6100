import type { CheckpointTarget } from '@foothold/checkpoints';

/** Options of `foothold checkpoints`. Those from `run` on go with `--run`. */
export interface CheckpointsOptions {
  readonly rows?: string;
  readonly columns?: string;
  readonly next: number;
  readonly target: CheckpointTarget;
  readonly minimize?: readonly string[];
  readonly seed: number;
  readonly report?: string;
  readonly json?: boolean;
  readonly run?: string;
  readonly budget: string;
  readonly metric?: string;
  /** Seconds of one evaluation. */
  readonly timeout?: number;
  readonly out: string;
  readonly stop: boolean;
  readonly shell?: boolean;
  readonly storage: string;
  readonly name?: string;
  readonly concurrency: number;
  /** Seconds. */
  readonly lease: number;
  readonly retries: number;
  readonly maxFailures?: number;
  readonly retryFailed?: boolean;
  readonly acceptCommand?: boolean;
}
