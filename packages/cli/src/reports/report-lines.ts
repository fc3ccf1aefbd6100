import { isReservedName, type Report } from '@foothold/core';
import { visibleLines } from '../output/visible-lines.ts';
import { nameIn, underWantedNames } from '../output/wanted-names.ts';

/** Characters of a line that may be a report. */
const longestLine = 1 << 16;

/** Finds reports in the output of a program while it comes. */
export interface ReportLines {
  /** The next piece of output, cut anywhere. */
  add(text: string): void;
  /** The output is over: what stands after the last line end is a line too. */
  end(): void;
}

/** How a program names the figures of its reports. */
export interface ReportedNames {
  /** The value. Default: `value`. */
  readonly metric?: string | undefined;
  /** Figures that the study knows by these names. */
  readonly metrics?: readonly string[] | undefined;
}

/**
 * Calls `onReport` for each line that is a JSON object with a whole `step` from 0 and a finite `value`, or with the figure `metric`
 * in place of `value`; all other lines are passed over. The object's other numbers become the report's `metrics`, those of
 * objects in it by names joined with dots. As in the output, the end of a name is enough where only one name ends so.
 */
export function reportLines(onReport: (report: Report) => void, names: ReportedNames = {}): ReportLines {
  let partial = '';
  let isLong = false;
  const endLine = () => {
    if (!isLong && partial.includes('{'))
      for (const line of visibleLines(partial)) {
        const report = reportOf(line, names);
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

function reportOf(line: string, { metric, metrics: wanted = [] }: ReportedNames): Report | undefined {
  const text = line.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  let json: Readonly<Record<string, unknown>>;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { step, ...rest } = json;
  if (!Number.isSafeInteger(step) || Number(step) < 0) return undefined;
  const figures = figuresOf(rest);
  const names = [...figures.keys()];
  const isThere = metric !== undefined && Object.hasOwn(rest, metric);
  const name = isThere ? metric : (metric !== undefined && nameIn(names, metric)) || 'value';
  const value = figures.get(name);
  if (value === undefined) return undefined;
  figures.delete(name);
  const metrics = underWantedNames(Object.fromEntries(figures), wanted);
  return { step: step as number, value, ...(figures.size > 0 && { metrics }) };
}

/** The finite numbers of an object and of the objects in it; those of lists are left out. */
function figuresOf(json: Readonly<Record<string, unknown>>): Map<string, number> {
  const figures = new Map<string, number>();
  const open: (readonly [prefix: string, object: object])[] = [['', json]];
  for (let next = open.pop(); next; next = open.pop())
    for (const [key, value] of Object.entries(next[1])) {
      const name = next[0] + key;
      if (typeof value === 'number' && Number.isFinite(value) && !isReservedName(name))
        figures.set(name, value);
      else if (typeof value === 'object' && value !== null && !Array.isArray(value))
        open.push([`${name}.`, value]);
    }
  return figures;
}
