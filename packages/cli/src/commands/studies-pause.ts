import { stopAttribute, stoppedByHand } from '@foothold/protocol';
import { studyRecord } from '@foothold/study';
import { studiesIn } from '../studies-in.ts';
import { refuseAbsent } from './stored-events.ts';

/** `foothold studies pause NAME` and `resume NAME`. Throws UsageError for a study that does not exist. */
export async function studiesPause(
  name: string,
  { storage, isPaused }: { readonly storage: string; readonly isPaused: boolean },
): Promise<void> {
  await refuseAbsent(name, storage);
  const record = studyRecord(studiesIn(storage), name, { clock: () => Date.now() });
  await record.note({ attributes: { [stopAttribute]: isPaused ? stoppedByHand : null } });
  process.stdout.write(`${isPaused ? 'paused' : 'resumed'} ${name}\n`);
}
