import type { CompleteTrial } from '@foothold/study';
import { sparkline, terminalChart } from '@foothold/viz';
import pc from 'picocolors';
import stringWidth from 'string-width';
import { printable } from '../safe-text.ts';
import { textTable } from '../text-table.ts';
import { bar, clock, outcomeText, paramsText, short } from '../trial-text.ts';
import { cutTo } from './cut-to.ts';
import type { RunningTrial, StudyView } from './study-view.ts';
import type { TerminalSize } from './terminal.ts';

export interface StudyRowsOptions extends TerminalSize {
  readonly color: boolean;
}

/** Lines of the chart with its axis, and the narrowest and widest one that shows something. */
const chart = { plotLines: 5, lines: 7, narrowest: 40, widest: 72 } as const;
const sparkWidth = 24;

/**
 * The view as rows of a terminal, each narrower than it and fewer than it has: progress, the best so far, the trials that
 * run, and a chart where there is room for it.
 */
export function studyRows(view: StudyView, { columns, rows, color }: StudyRowsOptions): readonly string[] {
  const { dim, green } = pc.createColors(color);
  // A row as wide as the terminal would wrap on some.
  const width = columns - 1;
  const height = Math.max(1, rows - 1);
  const { best } = view;
  const table = tableRows(view, height - (best ? 2 : 1)).map((row) => cutTo(row, width));
  const drawn = chartLines(view, { width, lines: height - 2 - table.length });
  const first = cutTo([...progressTexts(view), ...lastText(view)].join(gap), width);
  const second = best && cutTo(bestParts(view, drawn.length === 0).join(gap), width);
  const upper = [first, ...(second === undefined ? [] : [paintedBest(second, best, green)])];
  return [...upper.slice(0, height), ...drawn, ...table.map((row, i) => (i === 0 ? dim(row) : row))];
}

/** Progress, time, what became of the trials and the best value, as one row. */
export function progressRow(
  view: StudyView,
  { columns, color }: { readonly columns: number; readonly color: boolean },
): string {
  const [progress = '', time = '', ...counts] = progressTexts(view);
  const { best } = view;
  const found = best ? [valueText(best)] : [];
  const row = cutTo([progress, time, ...found, ...counts, ...lastText(view)].join(gap), columns - 1);
  return paintedBest(row, best, pc.createColors(color).green);
}

const gap = '  ';

/** How far the study is, its time, and what became of its trials. */
function progressTexts({
  label,
  share,
  progress,
  seconds,
  left,
  counts,
  front,
}: StudyView): readonly string[] {
  const start = [printable(label), share === undefined ? '' : bar(share, 10), progress];
  return [
    start.filter((part) => part !== '').join(' '),
    `${clock(seconds)}${left === undefined ? '' : `, ${clock(left)} left`}`,
    `${counts.complete} complete`,
    ...(counts.pruned > 0 ? [`${counts.pruned} pruned`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(front === undefined ? [] : [`front of ${front.size}`]),
  ];
}

function lastText({ last, front }: StudyView): readonly string[] {
  return last === undefined ? [] : [`last ${outcomeText(last, front?.further).slice(0, 80)}`];
}

function valueText({ value, number }: CompleteTrial): string {
  return `best ${short(value)} (trial ${number})`;
}

/** The best value, how it became what it is, and its parameters. */
function bestParts({ best, bestValues }: StudyView, withSparkline: boolean): readonly string[] {
  if (!best) return [];
  return [
    valueText(best),
    ...(withSparkline ? [sparkline(bestValues, sparkWidth)] : []),
    paramsText(best.params),
  ];
}

function paintedBest(row: string, best: CompleteTrial | undefined, paint: (text: string) => string): string {
  const value = best && short(best.value);
  return value === undefined ? row : row.replace(`best ${value} `, () => `best ${paint(value)} `);
}

/** The best value after each trial as a chart of so many characters; none where it has no room, or less than two values. */
function chartLines(
  { bestValues }: StudyView,
  { width, lines }: { readonly width: number; readonly lines: number },
): readonly string[] {
  if (lines < chart.lines || width < chart.narrowest || bestValues.filter(Number.isFinite).length < 2)
    return [];
  return terminalChart({
    series: [{ name: '', values: bestValues }],
    width: Math.min(width, chart.widest),
    height: chart.plotLines,
  }).split('\n');
}

/** A heading and a row a running trial, at most so many rows in all. */
function tableRows({ running }: StudyView, height: number): readonly string[] {
  if (running.length === 0 || height < 2) return [];
  const shown = running.length < height ? running : running.slice(0, Math.max(height - 2, 1));
  const columns = columnsOf(running);
  const cells = [
    columns.map(({ name }) => name),
    ...shown.map((trial) => columns.map(({ text }) => text(trial))),
  ];
  const rightAligned = columns.flatMap(({ right }, k) => (right ? [k] : []));
  const rows = textTable(cells, rightAligned).trimEnd().split('\n');
  const rest = running.length - shown.length;
  return rest > 0 && rows.length < height ? [...rows, `and ${rest} more`] : rows;
}

interface Column {
  readonly name: string;
  readonly right?: boolean;
  readonly text: (trial: RunningTrial) => string;
}

/** A worker's name keeps its last part: that of one machine's processes begins alike. */
const workerWidth = 24;

function columnsOf(running: readonly RunningTrial[]): readonly Column[] {
  const reports = running.some(({ reported }) => reported !== undefined);
  return [
    { name: 'trial', right: true, text: ({ number }) => String(number) },
    {
      name: 'time',
      right: true,
      text: ({ seconds }) => (seconds === undefined ? '-' : clock(Math.max(seconds, 0))),
    },
    ...(reports
      ? [
          {
            name: 'last value',
            text: ({ reported }: RunningTrial) =>
              reported ? `${short(reported.value)} at step ${reported.step}` : '-',
          },
        ]
      : []),
    { name: 'worker', text: ({ worker }) => lastCells(printable(worker), workerWidth) },
    { name: 'parameters', text: ({ params }) => paramsText(params) },
  ];
}

/** The last cells of a text that is longer, after an ellipsis. */
function lastCells(text: string, cells: number): string {
  if (stringWidth(text) <= cells) return text;
  const characters = [...text];
  while (stringWidth(characters.join('')) > cells - 1) characters.shift();
  return `…${characters.join('')}`;
}
