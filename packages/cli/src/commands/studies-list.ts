import { type StudySummary, studySummaries, type UnreadableStudy } from '@foothold/study';
import { ageText } from '../age-text.ts';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { textTable } from '../text-table.ts';
import { short } from '../trial-text.ts';

/** `foothold studies`: a line a study. */
export async function studiesList({
  storage,
  json,
}: {
  readonly storage: string;
  readonly json?: boolean;
}): Promise<void> {
  const now = Date.now();
  const all = await studySummaries(studiesIn(storage), { now });
  if (json) {
    process.stdout.write(`${JSON.stringify({ storage, studies: all })}\n`);
    return;
  }
  if (all.length === 0) {
    process.stdout.write(`there are no studies in ${printable(storage)}\n`);
    return;
  }
  const readable = all.filter((study): study is StudySummary => !('fault' in study));
  if (readable.length > 0)
    process.stdout.write(
      textTable(
        [
          ['name', 'trials', 'best', 'state', 'changed', 'direction'],
          ...readable.map((study) => row(study, now)),
        ],
        [1, 2],
      ),
    );
  for (const study of all) if ('fault' in study) sayFault(study);
}

function row(study: StudySummary, now: number): readonly string[] {
  const { name, counts, best, front, activity, changedAt, directions } = study;
  const trials = counts.complete + counts.pruned + counts.failed + counts.running;
  return [
    printable(name),
    String(trials),
    front === undefined ? (best ? short(best.value) : '-') : `front of ${front}`,
    activity,
    changedAt === undefined ? '-' : `${ageText(now - changedAt)} ago`,
    directions.join(', '),
  ];
}

function sayFault({ name, fault }: UnreadableStudy): void {
  process.stderr.write(`study ${printable(name)} cannot be read: ${printable(fault)}\n`);
}
