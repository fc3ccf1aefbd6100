import { report } from '@foothold/viz';
import { cellChart, correlationChart, rowChart, taskChart } from './charts.ts';
import type { CheckpointStudy } from './study-types.ts';

export interface CheckpointReportOptions {
  readonly title?: string | undefined;
  /** Positions of the rows, for the horizontal axis. */
  readonly positions?: readonly number[] | undefined;
  /** Columns to draw curve by curve; the three with the most known cells. */
  readonly tasks?: readonly number[] | undefined;
}

/**
 * One HTML file: the named row, how sure that is, the heat map of known cells with the pending ones ringed, the row means with
 * 95 % intervals, the map of task correlations, and the curves of some tasks with the acquisition below.
 */
export async function checkpointReport(
  study: CheckpointStudy,
  options: CheckpointReportOptions = {},
): Promise<string> {
  const best = study.best();
  const decision = study.decision();
  const known = study.known();
  const posterior = study.posterior();
  const m = study.columns.length;
  const count = new Float64Array(m);
  known.data.forEach((v, at) => {
    if (!Number.isNaN(v)) count[at % m]!++;
  });
  const total = count.reduce((a, b) => a + b, 0);
  const tasks = options.tasks ?? [...count.keys()].sort((a, b) => count[b]! - count[a]! || a - b).slice(0, 3);
  const percent = (p: number): string => `${(100 * p).toFixed(1)} %`;
  const ranked = [...posterior.mean.keys()]
    .sort((a, b) => posterior.mean[b]! - posterior.mean[a]!)
    .slice(0, 10);
  return report({
    title: options.title ?? 'The best checkpoint on average',
    summary: `${best.name} after ${total} of ${known.data.length} cells (${percent(total / known.data.length)}): ${decision.stop ? 'stop here' : 'go on'}, ${decision.reason}.`,
    sections: [
      {
        title: 'The named row',
        facts: [
          { name: 'row', value: best.name },
          { name: 'expected value', value: best.mean },
          { name: 'standard deviation', value: best.standardDeviation },
          { name: 'probability of being best', value: percent(best.probability) },
          { name: 'probability of being within the tolerance', value: percent(decision.probability) },
          { name: 'expected shortfall', value: decision.expectedRegret },
        ],
        table: {
          columns: ['row', 'expected value', 'standard deviation', 'probability of being best'],
          rows: ranked.map((i) => [
            study.rows[i]!,
            posterior.mean[i]!,
            posterior.standardDeviation[i]!,
            percent(posterior.probability[i]!),
          ]),
        },
      },
      {
        title: 'Cells',
        charts: [
          {
            spec: cellChart(study),
            caption:
              'Known scores, each column by its own range; the named row is framed, pending cells are ringed.',
          },
        ],
      },
      {
        title: 'Rows',
        charts: [
          {
            spec: rowChart(study, { positions: options.positions }),
          },
        ],
      },
      {
        title: 'Tasks',
        charts: [{ spec: correlationChart(study) }],
      },
      {
        title: 'Curves',
        charts: tasks.map((column) => ({ spec: taskChart(study, column, { positions: options.positions }) })),
      },
    ],
  });
}
