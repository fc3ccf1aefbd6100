import type { Report } from '@foothold/core';
import { reportFiles } from './report-files.ts';
import { type ReportedNames, reportLines } from './report-lines.ts';

/** Records a report; true when its trial is not worth going on with. */
export type OnReport = (report: Report) => Promise<boolean>;

/** The reports of one running program: those that it prints, and those that it writes into its file. */
export interface WatchedReports {
  readonly env: Readonly<Record<string, string>>;
  /** Aborts when the program is to be ended; one that writes into its file is asked to end instead. */
  readonly signal: AbortSignal;
  /** The next piece of standard output. */
  add(text: string): void;
  /** Waits until every report is recorded; true when one said to end, also where the program had ended by then. */
  end(): Promise<boolean>;
}

export function watchedReports(onReport: OnReport, names: ReportedNames): WatchedReports {
  const controller = new AbortController();
  let last: Promise<void> = Promise.resolve();
  let isPruned = false;
  const recorded = (prune: () => void) => (report: Report) => {
    last = last.then(async () => {
      if (isPruned || !(await onReport(report))) return;
      isPruned = true;
      prune();
    });
  };
  const printed = reportLines(
    recorded(() => controller.abort()),
    names,
  );
  const files = reportFiles(
    reportLines(
      recorded(() => files.askToEnd()),
      names,
    ),
  );
  return {
    env: files.env,
    signal: controller.signal,
    add: printed.add,
    end: async () => {
      printed.end();
      await files.end();
      await last;
      return isPruned;
    },
  };
}
