import type { StudyRecord } from '@foothold/study';

/** Name of the attribute of a study that says why its last run ended; null while one goes on. */
export const stopAttribute = 'stopped';

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
    if (created && before !== reason) await record.note({ attributes: { [stopAttribute]: reason } });
  };
  return {
    begin: () => {
      begun ??= write(null);
      return begun;
    },
    end: write,
  };
}
