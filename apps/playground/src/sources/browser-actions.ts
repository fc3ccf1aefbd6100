import type { StudyActions } from '@foothold/app-dashboard';
import type { Storage } from '@foothold/core';
import { createStudy, random, spaceOf } from '@foothold/optimize';
import { deleteStudy, renameStudy, studyDataOf, studyRecord } from '@foothold/study';
import { logText } from './log-text.ts';

/** How the page's own run is stopped and begun. */
export interface RunControl {
  stop(study: string): Promise<void>;
  resume(study: string): Promise<void>;
}

/** What may be done with a study in the browser's database. */
export function browserActions(storage: Storage, control: RunControl): StudyActions {
  const clock = Date.now;
  const record = (name: string) => studyRecord(storage, name, { clock });
  /** The study without its sampler, which nothing here asks. */
  const opened = async (name: string) => {
    const { space, goal } = await record(name).state();
    if (!space || !goal) throw new Error(`The log of ${name} does not describe its space.`);
    return createStudy({
      ...goal,
      ...{ space: spaceOf(space), sampler: random(), storage, name, clock, lease: { owner: 'the page' } },
    });
  };
  return {
    enqueue: async (name, params) => (await opened(name)).enqueue!(params),
    async note(name, { number, ...notes }) {
      if (number === undefined) await record(name).note(notes);
      else await (await opened(name)).note(number, notes);
    },
    fail: async (name, number, reason) => (await opened(name)).tell(number, { state: 'failed', reason }),
    async deleteTrial(name, number) {
      await record(name).deleteTrials([number]);
    },
    async restoreTrial(name, number) {
      await record(name).restoreTrials([number]);
    },
    release: (name, number) => record(name).releaseTrials([number]),
    ...control,
    async rename(name, to) {
      await control.stop(name);
      await renameStudy(storage, { name, to, force: true });
    },
    async remove(name) {
      await control.stop(name);
      await deleteStudy(storage, name, { force: true });
    },
    exportedLog: async (name) =>
      new Blob([logText(await storage.read(name, 0))], { type: 'application/x-ndjson' }),
    async exported(name, format) {
      const [{ studyJson, studyTable }, state] = await Promise.all([
        import('@foothold/sources/text-forms'),
        record(name).state(),
      ]);
      const study = studyDataOf(state);
      if (!study) throw new Error(`There is no study ${name}.`);
      return format === 'csv'
        ? new Blob([studyTable(study)], { type: 'text/csv' })
        : new Blob([studyJson(name, study)], { type: 'application/json' });
    },
  };
}
