import { studiesIn } from '../studies-in.ts';
import { storedEvents } from './stored-events.ts';
import { refuseUnwritable, writeReport } from './write-report.ts';

/**
 * `foothold report STUDY`: reads the study's log alone, so it also works while the study runs. The name that `small-to-large` got stands for
 * both of its studies. Throws UsageError for a study that is not there.
 */
export async function reportCommand(
  name: string,
  options: { readonly storage: string; readonly out: string },
): Promise<void> {
  refuseUnwritable('--out', options.out);
  const names = await studiesOf(name, options.storage);
  process.stdout.write(
    `${await writeReport(options.out, { title: name, names, storage: options.storage })}\n`,
  );
}

/** The study; where there is none of that name, the two that `small-to-large` makes of it, the large problem first. */
async function studiesOf(name: string, storage: string): Promise<readonly string[]> {
  const there = (await studiesIn(storage).studies?.()) ?? [];
  const stages = ['large', 'small'].map((stage) => `${name}-${stage}`).filter((one) => there.includes(one));
  if (!there.includes(name) && stages.length > 0) return stages;
  await storedEvents(name, storage); // what is wrong with the name is thrown here
  return [name];
}
