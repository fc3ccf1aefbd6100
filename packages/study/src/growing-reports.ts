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
  readonly all: Report[];
  /** By step, the first of each. */
  readonly at: Map<number, Report>;
}

/** No reports yet. */
export function growingReports<P extends Params>(): GrowingReports<P> {
  const growing = new Map<number, GrowingList>();
  return {
    added(trial, report) {
      const { number } = trial;
      const { all, at } = growing.get(number) ?? { all: [], at: new Map<number, Report>() };
      growing.set(number, { all, at });
      all.push(report);
      if (!at.has(report.step)) at.set(report.step, report);
      const count = all.length;
      let seen: Trial['reports'] | undefined;
      return {
        ...withoutReports(trial),
        // The list is copied when it is looked at, not at each report.
        get reports() {
          seen ??= all.slice(0, count);
          return seen;
        },
      };
    },
    resume({ number, reports }) {
      if (reports.length === 0) return;
      const at = new Map<number, Report>();
      for (const report of reports) if (!at.has(report.step)) at.set(report.step, report);
      growing.set(number, { all: [...reports], at });
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
