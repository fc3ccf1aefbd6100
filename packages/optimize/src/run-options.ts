import type { Direction, LinearAlgebra } from '@foothold/core';
import type { LeaseOptions } from '@foothold/study';
import { type StorageOrAddress, storageFrom } from './addressed-storage.ts';
import { program as ownProgram } from './program.ts';
import { realClock } from './real-clock.ts';

/** How `smallToLarge` and `multiFidelity` run, keep and resume their studies. */
export interface RunOptions {
  /** Default: `minimize`. */
  readonly direction?: Direction | undefined;
  /** Compute backend. Default: float64 WebAssembly. */
  readonly linalg?: LinearAlgebra | undefined;
  /** Where the studies are kept: the same call continues stopped ones. An address needs Node. Default: memory. */
  readonly storage?: StorageOrAddress | undefined;
  /** Name of the study there. Default: `small-to-large`. */
  readonly name?: string | undefined;
  readonly seed?: number | undefined;
  /** Evaluations at a time. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Milliseconds since 1970 of a clock that all workers of the study share. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /** For several workers on one storage: who this one is, and after which silence its trials are given to another. */
  readonly lease?: LeaseOptions | undefined;
  /** The program that makes the suggestions, with its version, for the log. Default: Foothold with its version. */
  readonly program?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a study of such a run is created with, its defaults filled in. */
export function studyOptionsOf({
  direction = 'minimize',
  storage,
  name = 'small-to-large',
  seed = 0,
  clock = realClock,
  lease,
  program = ownProgram,
}: RunOptions) {
  return { direction, storage: storageFrom(storage), name, seed, clock, lease, program };
}
