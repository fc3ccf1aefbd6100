import type { Params, Study } from '@foothold/core';
import type { Leases } from './leases/leases.ts';
import type { StudyLog } from './log/study-log.ts';
import { reportPlan } from './plans/study-plans.ts';
import type { Pruning } from './pruners/pruning.ts';

/** The calls that record reports. What takes several at once is loaded when it is needed. */
export function reportCalls<P extends Params>(
  { commit, look }: Pick<StudyLog<P>, 'commit' | 'look'>,
  by: { readonly leases: Leases<P>; readonly pruning: Pruning<P> | undefined },
): Required<Pick<Study<P>, 'report' | 'reportAll'>> {
  return {
    report: (...[number, step, value, metrics]) =>
      commit((state) => reportPlan(state, { number, step, value, ...(metrics && { metrics }) }, by)),
    reportAll: async (number, reports) => {
      const { reportsBeforeEnd, reportsPlan } = await import('./plans/reports-plan.ts');
      const count = await look((state) => reportsBeforeEnd(state, { number, reports }, by));
      return commit((state) => reportsPlan(state, { number, reports, count }, by));
    },
  };
}
