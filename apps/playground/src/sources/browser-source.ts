import { type LogFollower, outputIn, type StudyActions, type StudySource } from '@foothold/app-dashboard';
import { type IndexedDbStorage, type StudySummary, studySummaries } from '@foothold/study';

/** The studies of a database of the browser, for the dashboard's components. */
export function browserSource(storage: IndexedDbStorage, actions: StudyActions): StudySource {
  return {
    isLive: true,
    emptyText: 'A study appears here as soon as you run a program.',
    async studies() {
      const summaries = await studySummaries(storage, { alive: () => undefined, now: Date.now() });
      return summaries.map((study) =>
        'fault' in study ? { name: study.name, unreadable: study.fault } : listed(study),
      );
    },
    follow(study, from, follower) {
      void follow(storage, { study, from }, follower);
    },
    output: async (study, number) => outputIn(await storage.read(study, 0), number),
    actions,
  };
}

/** A summary without the trial's details. */
function listed({ best, workers: _, ...summary }: StudySummary) {
  return { ...summary, ...(best && { best: { number: best.number, value: best.value } }) };
}

async function follow(
  storage: IndexedDbStorage,
  { study, from }: { readonly study: string; readonly from: number },
  follower: LogFollower,
): Promise<void> {
  try {
    const events = await storage.read(study, from);
    if (follower.signal.aborted) return;
    follower.events(events);
    follower.connection({ state: 'live' });
    for await (const more of storage.watch(study, from + events.length, follower.signal))
      follower.events(more);
  } catch (error) {
    if (!follower.signal.aborted)
      follower.connection({
        state: 'failed',
        message: error instanceof Error ? error.message : String(error),
      });
  }
}
