import type { Direction, Objective, SpaceDescription, Trial } from '@foothold/core';
import {
  parallelCoordinates,
  paretoFront,
  type ReportSection,
  report,
  transferSection,
  trialTable,
} from '@foothold/viz';
import { outliersOf } from '../outlier-notes.ts';
import { convergenceChart, slicesChart } from './study-charts.ts';

export interface ReportedStudy {
  readonly name: string;
  readonly direction: Direction;
  /** Two or more are shown against each other, the first with each other one. */
  readonly objectives?: readonly Objective[] | undefined;
  readonly space?: SpaceDescription | undefined;
  readonly trials: readonly Trial[];
  /** What the value is, such as the metric's name. Default: 'value'. */
  readonly value?: string | undefined;
}

/**
 * One-file HTML of a study: how it converged, what earlier studies contributed where it had some, the value against each
 * parameter, all trials with why some failed.
 */
export function studyReport({
  name,
  direction,
  objectives = [],
  space,
  trials,
  value = 'value',
}: ReportedStudy): Promise<string> {
  const finished = trials.filter(({ state }) => state !== 'running');
  const complete = trials.filter((t) => t.state === 'complete');
  const sign = direction === 'minimize' ? 1 : -1;
  const best = complete.toSorted((a, b) => sign * (a.value - b.value))[0];
  const shared = { trials, direction, space, value };
  const sources = transferSection(trials);
  const outliers = lastOutliers(trials);
  return report({
    title: name,
    summary: best
      ? `${direction === 'minimize' ? 'Smallest' : 'Largest'} ${value} ${Number(best.value.toPrecision(6))} in trial ${best.number} of ${finished.length}${prunedText(finished)}.`
      : `${finished.length} trials, none of them complete${prunedText(finished)}.`,
    sections: [
      {
        title: 'Best',
        facts: best
          ? [
              { name: value, value: best.value },
              ...Object.entries(best.params).map(([key, value]) => ({
                name: key,
                value: typeof value === 'boolean' || value === null ? String(value) : value,
              })),
            ]
          : [],
        text: best ? [] : 'No trial completed; the table below says why.',
      },
      {
        title: 'Convergence',
        text: outliers.length > 0 ? `Outliers as the model treats them: ${outliers.join('; ')}.` : [],
        charts: [convergenceChart({ series: [{ name, trials }], direction, value })],
      },
      ...frontSections(trials, objectives),
      ...(sources ? [sources] : []),
      ...(complete.length > 0
        ? [
            {
              title: `${value === 'value' ? 'Value' : value} against each parameter`,
              charts: [slicesChart(shared)],
            },
            { title: 'Parallel coordinates', charts: [{ spec: parallelCoordinates(shared) }] },
          ]
        : []),
      { title: 'Trials', table: trialTable(trials, direction, value) },
    ],
  });
}

/** The first objective against each other one. */
function frontSections(trials: readonly Trial[], [first, ...others]: readonly Objective[]): ReportSection[] {
  if (!first || others.length === 0) return [];
  const charts = others.map((other) => ({ spec: paretoFront({ trials, objectives: [first, other] }) }));
  return [{ title: 'Pareto front', charts }];
}

/** `, 12 of them pruned`, or nothing. */
function prunedText(trials: readonly Trial[]): string {
  const pruned = trials.filter(({ state }) => state === 'pruned').length;
  return pruned === 0 ? '' : `, ${pruned} of them pruned`;
}

/** What the last suggestion that had a reason says of outliers. */
function lastOutliers(trials: readonly Trial[]): readonly string[] {
  const last = trials.findLast(({ why }) => why !== undefined);
  return last ? outliersOf(last) : [];
}
