import type { Params, Report, Trial } from '@foothold/core';

type Running<P extends Params> = Extract<Trial<P>, { readonly state: 'running' }>;

/** The reports of running trials. Adding one costs the same however many there are. */
export interface GrowingReports<P extends Params> {
  /** The trial with one more report. Trials that were returned before keep those that they had. */
  added(trial: Running<P>, report: Report): Running<P>;
  /** Goes on from the reports of this trial. */
  resume(trial: Trial<P>): void;
  /** What was reported at this step. */
  reportAt(number: number, step: number): Report | undefined;
  /** Forgets the reports of a trial that ended or begins again. */
  clear(number: number): void;
  /** The reports of each running trial that has some. */
  readonly growing: Map<number, GrowingList>;
}

export interface GrowingList {
  /** What came so far. */
  readonly all: Report[];
  /** By step, the first of each. */
  readonly at: Map<number, Report>;
  /** What trials that were returned since reports were last taken back still look at. */
  seen: SeenReports;
}

/** The reports of trials that were returned between two times that reports were taken back. */
interface SeenReports {
  readonly all: readonly Report[];
  /** Those that were taken back, and how many came before them. Absent: none. */
  void?: { readonly count: number; readonly reports: readonly Report[] };
}

function firstOf({ all, void: taken }: SeenReports, count: number): readonly Report[] {
  if (!taken || count <= taken.count) return all.slice(0, count);
  return [...all.slice(0, taken.count), ...taken.reports.slice(0, count - taken.count)];
}

function listOf(all: Report[], at: Map<number, Report>): GrowingList {
  return { all, at, seen: { all } };
}

/** No reports yet. */
export function growingReports<P extends Params>(): GrowingReports<P> {
  const growing = new Map<number, GrowingList>();
  return {
    added(trial, report) {
      const { number } = trial;
      const list = growing.get(number) ?? listOf([], new Map());
      const { all, at, seen: from } = list;
      growing.set(number, list);
      all.push(report);
      if (!at.has(report.step)) at.set(report.step, report);
      const count = all.length;
      let seen: Trial['reports'] | undefined;
      return {
        ...withoutReports(trial),
        // The list is copied when it is looked at, not at each report.
        get reports() {
          seen ??= firstOf(from, count);
          return seen;
        },
      };
    },
    resume({ number, reports }) {
      if (reports.length === 0) return;
      const at = new Map<number, Report>();
      for (const report of reports) if (!at.has(report.step)) at.set(report.step, report);
      growing.set(number, listOf([...reports], at));
    },
    reportAt: (number, step) => growing.get(number)?.at.get(step),
    clear: (number) => {
      growing.delete(number);
    },
    growing,
  };
}

/** The trial's other fields; its reports are not looked at. */
function withoutReports<P extends Params>(trial: Running<P>): Omit<Running<P>, 'reports'> {
  const { number, params, why, samplerState, startedAt, attributes, note } = trial;
  return {
    number,
    params,
    ...(why && { why }),
    ...(samplerState && { samplerState }),
    ...(startedAt !== undefined && { startedAt }),
    ...(attributes && { attributes }),
    ...(note !== undefined && { note }),
    state: 'running',
  };
}
