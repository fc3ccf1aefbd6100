import { stopAttribute, stoppedByHand } from '@foothold/protocol';
import type { StudyRecord } from '@foothold/study';

/** Keeps in a study why its run ended, for those who look at it from elsewhere. */
export interface StopNote {
  /** An evaluation begins: what an earlier run left is no longer true. */
  begin(): Promise<void>;
  /** The run has ended, for this reason in words. Throws StorageError. */
  end(reason: string): Promise<void>;
}

export function stopNote(record: StudyRecord): StopNote {
  let begun: Promise<void> | undefined;
  const write = async (reason: string | null): Promise<void> => {
    const { created, attributes } = await record.state();
    const before = attributes?.[stopAttribute] ?? null;
    // What a person has stopped on a server goes on when a person says so: by another run, or there.
    const isKept = reason !== null && before === stoppedByHand;
    if (created && before !== reason && !isKept)
      await record.note({ attributes: { [stopAttribute]: reason } });
  };
  return {
    begin: () => {
      begun ??= write(null);
      return begun;
    },
    end: write,
  };
}
