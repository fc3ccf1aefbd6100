import { createInterface } from 'node:readline/promises';
import { copyStudy, deleteStudy, renameStudy } from '@foothold/study';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { UsageError } from '../usage-error.ts';
import { refuseAbsent } from './stored-events.ts';

interface Stored {
  readonly storage: string;
}

/** `foothold studies copy NAME TO`. */
export async function studiesCopy(
  name: string,
  to: string,
  { storage, toStorage = storage }: Stored & { readonly toStorage?: string },
): Promise<void> {
  await refuseAbsent(name, storage);
  await copyStudy({ storage: studiesIn(storage), name }, { storage: studiesIn(toStorage), name: to });
  process.stdout.write(`copied ${name} to ${to}${toStorage === storage ? '' : ` in ${toStorage}`}\n`);
  if (to !== name) await sayCheckpoints({ storage: toStorage, name, to, verb: 'copy' });
}

/** `foothold studies rename NAME TO`. */
export async function studiesRename(
  name: string,
  to: string,
  { storage, force }: Stored & { readonly force?: boolean },
): Promise<void> {
  await refuseAbsent(name, storage);
  await renameStudy(studiesIn(storage), { name, to, force, now: Date.now() });
  process.stdout.write(`renamed ${name} to ${to}\n`);
  await sayCheckpoints({ storage, name, to, verb: 'rename' });
}

/** Checkpoints lie in a folder of the study's name, which the study itself does not know. */
async function sayCheckpoints({
  storage,
  name,
  to,
  verb,
}: Stored & { readonly name: string; readonly to: string; readonly verb: string }): Promise<void> {
  const [created] = await studiesIn(storage).read(to, 0, 1);
  if (created?.type === 'created' && created.goal.fidelity)
    process.stderr.write(
      `${to} looks for its checkpoints in the folder ${to} of --checkpoint-dir: ${verb} the folder ${name} there, if it has one\n`,
    );
}

/** `foothold studies delete NAME`. Throws UsageError where it may not ask and has no --yes. */
export async function studiesDelete(
  name: string,
  { storage, yes, force }: Stored & { readonly yes?: boolean; readonly force?: boolean },
): Promise<void> {
  await refuseAbsent(name, storage);
  if (
    !yes &&
    !(await isConfirmed(`Delete the study ${printable(name)} of ${printable(storage)} with all its trials?`))
  ) {
    process.stderr.write('nothing was deleted\n');
    process.exitCode = 1;
    return;
  }
  await deleteStudy(studiesIn(storage), name, { force, now: Date.now() });
  process.stdout.write(`deleted ${name}\n`);
}

/** What the person at the terminal says; everything but y and yes is a no. Throws UsageError without a terminal. */
async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new UsageError('there is no terminal to ask at: --yes deletes without asking');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // A closed input (Ctrl-D) is a no.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
