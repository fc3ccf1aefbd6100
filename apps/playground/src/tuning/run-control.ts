import type { RunControl } from '../sources/browser-actions.ts';
import { openStudy, workspace } from '../workspace/workspace.ts';
import { isRunning, pause, run } from './runner.ts';

/** Stops and resumes studies for the dashboard's menus. */
export const runControl: RunControl = {
  async stop(study) {
    if (isRunning(study)) await pause();
  },
  async resume(study) {
    await openStudy(study);
    void run(workspace.value);
  },
};
