import type { Report } from '@foothold/core';
import { visibleLines } from '../output/visible-lines.ts';

/** Characters of a line that may be a report. */
const longestLine = 1 << 16;

/** Finds reports in the output of a program while it comes. */
export interface ReportLines {
  /** The next piece of output, cut anywhere. */
  add(text: string): void;
  /** The output is over: what stands after the last line end is a line too. */
  end(): void;
}

/**
 * Calls `onReport` for each line that is a JSON object with a whole `step` from 0 and a finite `value`, or with the figure `metric`
 * in place of `value`; all other lines are passed over.
 */
export function reportLines(onReport: (report: Report) => void, metric?: string): ReportLines {
  let partial = '';
  let isLong = false;
  const endLine = () => {
    if (!isLong && partial.includes('{'))
      for (const line of visibleLines(partial)) {
        const report = reportOf(line, metric);
        if (report) onReport(report);
      }
    partial = '';
    isLong = false;
  };
  return {
    add: (text) => {
      const [first = '', ...rest] = text.split(/[\r\n]/);
      const append = (piece: string) => {
        isLong ||= partial.length + piece.length > longestLine;
        if (!isLong) partial += piece;
      };
      append(first);
      for (const next of rest) {
        endLine();
        append(next);
      }
    },
    end: endLine,
  };
}

function reportOf(line: string, metric: string | undefined): Report | undefined {
  const text = line.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  let json: Readonly<Record<string, unknown>>;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { step } = json;
  const value = metric !== undefined && Object.hasOwn(json, metric) ? json[metric] : json['value'];
  if (!Number.isSafeInteger(step) || Number(step) < 0 || typeof value !== 'number' || !Number.isFinite(value))
    return undefined;
  return { step: step as number, value };
}
