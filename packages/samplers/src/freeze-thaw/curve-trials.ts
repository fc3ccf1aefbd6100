import type { Params, SampleRequest, Trial } from '@foothold/core';
import type { FidelityColumn } from '../multi-fidelity/fidelity-column.ts';

/**
 * The trials with their reports as trials of their own: the value after `step` units of the resource counts as that of a
 * complete trial at that fidelity. Of the reports those at `steps`, so that a curve is a few rows, however often it reports;
 * of a configuration and a level the first value. Running and pruned trials are left out, their reports are not.
 */
export function curveTrials<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  column: FidelityColumn,
  { name, steps }: { readonly name: string; readonly steps: readonly number[] },
): Trial<P>[] {
  const values = new Map(steps.map((level) => [column.valueAt(level), level]));
  const seen = new Set<string>();
  const rows: Trial<P>[] = [];
  const isNew = (point: Float64Array) => {
    const key = point.join();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  for (const trial of trials) {
    const point = space.encode(trial.params);
    const at = (level: number) => {
      const moved = point.slice();
      moved[column.index] = column.position(level);
      return moved;
    };
    const own = column.levelOf(point);
    for (const { step, value } of trial.reports) {
      const level = values.get(step);
      if (level === undefined || level === own || !isNew(at(level))) continue;
      const { number } = trial;
      rows.push({ number, params: { ...trial.params, [name]: step }, reports: [], state: 'complete', value });
    }
    if (trial.state === 'failed' || (trial.state === 'complete' && isNew(point)))
      rows.push(trial.reports.length > 0 ? { ...trial, reports: [] } : trial);
  }
  return rows;
}
