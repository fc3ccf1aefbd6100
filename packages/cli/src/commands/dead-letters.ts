import { studyRecord } from '@foothold/study';
import { failuresOf } from '@foothold/worker';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { UsageError } from '../usage-error.ts';

/** `foothold worker --dead-letters`: the trials that have failed, of the study's log: it keeps them as long as the study. */
export async function printDeadLetters({
  storage,
  name,
  json,
}: {
  readonly storage: string;
  readonly name: string;
  readonly json?: boolean;
}): Promise<void> {
  const { created, trials } = await studyRecord(studiesIn(storage), name).state();
  if (!created) throw new UsageError(`there is no study ${name} in ${storage}`);
  const dead = trials.flatMap((trial) =>
    trial.state === 'failed' && !trial.loaded
      ? [{ study: name, trial: trial.number, reason: trial.reason, tries: failuresOf(trial.attributes) }]
      : [],
  );
  if (json) process.stdout.write(`${JSON.stringify(dead)}\n`);
  else
    for (const { trial, tries, reason } of dead) {
      // Without a count no worker has told it: its workers were lost, or another command has.
      const after = tries === 0 ? '' : ` after ${tries} ${tries === 1 ? 'try' : 'tries'}`;
      process.stdout.write(`trial ${trial}${after}: ${printable(reason)}\n`);
    }
}
