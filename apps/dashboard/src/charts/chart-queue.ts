import { nextTask } from '../next-task.ts';

/** Draws one chart after the other, each in tasks of its own, so that a page of charts never stands still. */
let last: Promise<unknown> = Promise.resolve();

/** Runs the work after what was queued before it; not at all where it is no longer wanted by then. */
export function queued(work: () => Promise<void>, isWanted: () => boolean): Promise<void> {
  const run = last.then(async () => {
    await nextTask();
    if (isWanted()) await work();
  });
  last = run.catch(() => {});
  return run;
}
