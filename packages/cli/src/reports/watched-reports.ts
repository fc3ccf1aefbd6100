import type { Report } from '@foothold/core';
import { reportFiles } from './report-files.ts';
import { type ReportedNames, reportLines } from './report-lines.ts';

/** Records reports of one trial in their order; the index of the one after which it is not worth going on with, -1 where none is. */
export type OnReports = (reports: readonly Report[]) => Promise<number>;

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

/** Reports that wait at the same time are recorded together. */
export function watchedReports(onReports: OnReports, names: ReportedNames): WatchedReports {
  const controller = new AbortController();
  const waiting: { readonly report: Report; readonly prune: () => void }[] = [];
  let recording: Promise<void> | undefined;
  let isPruned = false;
  const recordAll = async () => {
    while (waiting.length > 0 && !isPruned) {
      const group = waiting.splice(0);
      const last = group[await onReports(group.map(({ report }) => report))];
      if (!last) continue;
      isPruned = true;
      last.prune();
    }
    recording = undefined;
  };
  const recorded = (prune: () => void) => (report: Report) => {
    if (isPruned) return;
    waiting.push({ report, prune });
    // Not at once: others may come with the same piece of output.
    recording ??= Promise.resolve().then(recordAll);
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
      await recording;
      return isPruned;
    },
  };
}
