import type { SpaceDescription, Study } from '@foothold/core';

/** What the suite needs of a study: it is new, and its workers share it. */
export interface StudyUnderTest {
  /** The study as the worker of this name sees it; each name is asked for once. */
  worker(name: string): Promise<Study>;
  /** Moves the clock of the leases on. */
  advance(ms: number): void;
  /** Ends what was started for it. */
  close?(): Promise<void>;
}

/** How `open` makes the study: minimized, with this space, seed and lease, and a sampler that keeps parameters fixed. */
export const studyUnderTest: {
  readonly space: SpaceDescription;
  readonly seed: number;
  readonly leaseMs: number;
} = {
  space: {
    x: { type: 'real', low: -1, high: 1 },
    n: { type: 'int', low: 0, high: 9 },
    c: { type: 'categorical', choices: ['a', 'b'] },
  },
  seed: 7,
  leaseMs: 60_000,
};

/** A new study, and one of which the suite has a single worker. */
export type Fresh = () => Promise<StudyUnderTest>;
export type Alone = () => Promise<Study>;
