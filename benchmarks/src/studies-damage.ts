import { seeded } from '@foothold/core';
import { openDamagedCopies, wholeLog } from '../../packages/study/src/storage/damaged-log.fixture.ts';

export interface DamageResult {
  readonly copies: number;
  readonly refused?: number;
  /** Read up to a torn end that is said. */
  readonly said?: number;
  /** Nothing that the file says was changed. */
  readonly alike?: number;
  /** Cut between two lines: the log of a moment before. */
  readonly shorter?: number;
  /** The first copy that was read wrong in silence or met another error than ours; absent where there is none. */
  readonly fault?: string;
}

/** Opens so many damaged copies of a log of the file storage: cut, flipped, repeated, swapped, re-encoded, nested. */
export async function damagedCopies(copies: number, seed: number): Promise<DamageResult> {
  try {
    const counts = await openDamagedCopies(copies, seeded(`damage ${seed}`), await wholeLog());
    return { copies, ...counts };
  } catch (error) {
    return { copies, fault: String(error) };
  }
}
