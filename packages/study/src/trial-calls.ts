import type { Params, Storage } from '@foothold/core';
import type { LocalStudy } from './local-study.ts';
import type { StudyLog } from './log/study-log.ts';
import { checkedNotes } from './plans/checked-notes.ts';
import { checkedOutput } from './plans/checked-output.ts';
import { deletePlan, notePlan, restorePlan } from './plans/study-plans.ts';

/** What is written about trials, and what takes them out of the study. */
export function trialCalls<P extends Params>(
  { commit, look }: Pick<StudyLog<P>, 'commit' | 'look'>,
  storage: Storage,
  name: string,
): Pick<LocalStudy<P>, 'note' | 'output' | 'deleteTrial' | 'restoreTrial'> {
  return {
    note: async (number, { output, ...notes }) => {
      const checked = { notes: checkedNotes(notes), output: checkedOutput(number, output) };
      return commit((state) => notePlan(state, number, checked));
    },
    output: async (number) => {
      const { position, lines } = await look(({ outputs, outputLines }) => ({
        position: outputs.get(number),
        lines: outputLines(number),
      }));
      return lines ?? (position === undefined ? [] : linesAt(storage, name, position));
    },
    deleteTrial: (number) => commit((state) => deletePlan(state, number)),
    restoreTrial: (number) => commit((state) => restorePlan(state, number)),
  };
}

/** The lines of the `printed` event at this position. */
async function linesAt(storage: Storage, name: string, position: number): Promise<readonly string[]> {
  const [event] = await storage.read(name, position, 1);
  return event?.type === 'printed' ? event.lines : [];
}
