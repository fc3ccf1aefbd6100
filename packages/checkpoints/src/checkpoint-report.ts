import { type ReportChart, type ReportSection, report } from '@foothold/viz';
import { cellChart, correlationChart, rowChart, taskChart } from './charts.ts';
import type { CheckpointStudy } from './study-types.ts';

export interface CheckpointReportOptions {
  readonly title?: string | undefined;
  /** Positions of the rows, for the horizontal axis. */
  readonly positions?: readonly number[] | undefined;
  /** Columns to draw curve by curve. Default: the three with the most known cells. */
  readonly tasks?: readonly number[] | undefined;
}

/** Rows of the table. */
const maxRanked = 10;

/**
 * One HTML file: the named row with its probability, the heat map of known cells with the pending ones ringed, the row means
 * with 95 % intervals, the map of task correlations, and the curves of some tasks with the acquisition below.
 */
export async function checkpointReport(
  study: CheckpointStudy,
  options: CheckpointReportOptions = {},
): Promise<string> {
  const { positions } = options;
  const best = study.best();
  const decision = study.decision();
  const known = study.known();
  const count = knownByColumn(study);
  const total = count.reduce((a, b) => a + b, 0);
  const tasks = options.tasks ?? [...count.keys()].sort((a, b) => count[b]! - count[a]! || a - b).slice(0, 3);
  return report({
    title: options.title ?? 'The best checkpoint on average',
    summary: `${best.name} after ${total} of ${known.data.length} cells (${percent(total / known.data.length)}): ${decision.stop ? 'stop here' : 'go on'}, ${decision.reason}.`,
    sections: [
      namedRow(study),
      { title: 'Cells', charts: [cells(study)] },
      { title: 'Rows', charts: [rows(study, positions)] },
      { title: 'Tasks', charts: [correlations(study)] },
      {
        title: 'Curves',
        charts: tasks.map((column) => ({
          spec: taskChart(study, column, { positions }),
          narrow: taskChart(study, column, { positions, width: 230, height: 200 }),
        })),
      },
    ],
  });
}

function percent(p: number): string {
  return `${(100 * p).toFixed(1)} %`;
}

function knownByColumn(study: CheckpointStudy): Float64Array {
  const m = study.columns.length;
  const count = new Float64Array(m);
  study.known().data.forEach((v, at) => {
    if (!Number.isNaN(v)) count[at % m]!++;
  });
  return count;
}

function namedRow(study: CheckpointStudy): ReportSection {
  const best = study.best();
  const decision = study.decision();
  const { mean, standardDeviation, probability } = study.posterior();
  const ranked = [...mean.keys()].sort((a, b) => mean[b]! - mean[a]!).slice(0, maxRanked);
  return {
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
      rows: ranked.map((i) => [study.rows[i]!, mean[i]!, standardDeviation[i]!, percent(probability[i]!)]),
    },
  };
}

/** Pixels of a chart with its axes and legend, on a page and on a phone. */
const pageWidth = 850;
const phoneWidth = 330;
/** Pixels of a legend with numbers, or of axis titles and numbers. */
const beside = 80;
/** What the title of the cells' legend adds to that. */
const legendTitle = 50;

/** Pixels left for a plot beside names, which a chart on a phone cuts at 16 characters and others at 28; Vega reserves 8.8 a character. */
function plotWidths(names: readonly string[]): { readonly wide: number; readonly narrow: number } {
  const longest = names.reduce((length, name) => Math.max(length, name.length), 0);
  const left = (page: number, maxCharacters: number) =>
    Math.min(Math.max(Math.floor(page - beside - 8.8 * Math.min(longest, maxCharacters)), 90), 680);
  return { wide: left(pageWidth, 28), narrow: left(phoneWidth, 16) };
}

function cells(study: CheckpointStudy): ReportChart {
  const { wide, narrow } = plotWidths(study.columns);
  return {
    spec: cellChart(study, { width: wide - legendTitle }),
    narrow: cellChart(study, { width: narrow - legendTitle }),
    caption: 'Known scores, each column by its own range; the named row is framed, pending cells are ringed.',
  };
}

function rows(study: CheckpointStudy, positions: readonly number[] | undefined): ReportChart {
  const { wide, narrow } = plotWidths(positions ? [] : study.rows);
  return {
    spec: rowChart(study, { positions, width: wide }),
    narrow: rowChart(study, { positions, width: narrow }),
  };
}

function correlations(study: CheckpointStudy): ReportChart {
  const { wide, narrow } = plotWidths(study.columns);
  const side = Math.min(Math.max(study.columns.length * 36, 160), 520, wide);
  return {
    spec: correlationChart(study, { width: side, height: side }),
    narrow: correlationChart(study, { width: narrow, height: narrow }),
  };
}
