import type { Params, Trial } from '@foothold/core';

type Running<P extends Params> = Extract<Trial<P>, { readonly state: 'running' }>;

/** The reports of running trials. Adding one costs the same however many there are. */
export interface GrowingReports<P extends Params> {
  /** The trial with one more report. Trials that were returned before keep those that they had. */
  added(trial: Running<P>, report: Trial['reports'][number]): Running<P>;
  /** Goes on from the reports of this trial. */
  resume(trial: Trial<P>): void;
  /** The value that was reported at this step. */
  valueAt(number: number, step: number): number | undefined;
  /** Forgets the reports of a trial that ended or begins again. */
  clear(number: number): void;
}

/** No reports yet. */
export function growingReports<P extends Params>(): GrowingReports<P> {
  const growing = new Map<
    number,
    { readonly all: Trial['reports'][number][]; readonly at: Map<number, number> }
  >();
  return {
    added(trial, report) {
      const { number } = trial;
      const { all, at } = growing.get(number) ?? { all: [], at: new Map<number, number>() };
      growing.set(number, { all, at });
      all.push(report);
      if (!at.has(report.step)) at.set(report.step, report.value);
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
      const at = new Map<number, number>();
      for (const { step, value } of reports) if (!at.has(step)) at.set(step, value);
      growing.set(number, { all: [...reports], at });
    },
    valueAt: (number, step) => growing.get(number)?.at.get(step),
    clear: (number) => {
      growing.delete(number);
    },
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
