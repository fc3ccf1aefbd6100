import type { CommandTemplate } from './command-template.ts';
import type { LastLines } from './output/last-lines.ts';
import { outputReader, type Reading } from './output/output-reader.ts';
import { type OnReports, watchedReports } from './reports/watched-reports.ts';
import { runProcess } from './run-process.ts';
import type { Values } from './template/placeholder.ts';

/**
 * Runs a command with these values and reads the figure that it prints. A program that fails has its failure as the reason; one
 * that was ended because of its reports makes a pruned trial.
 */
export async function runAndRead(
  template: CommandTemplate,
  values: Values,
  options: {
    readonly metric?: string | undefined;
    /** Seconds. */
    readonly timeout?: number | undefined;
    readonly signal: AbortSignal;
    readonly env?: Readonly<Record<string, string | undefined>>;
    /** Gets reports as they come. Absent: reports are lines like others. */
    readonly onReports?: OnReports | undefined;
    /** Gets each piece of what it prints. */
    readonly onOutput?: LastLines['add'] | undefined;
    /** Names of figures beside the value that the study knows. */
    readonly metrics?: readonly string[] | undefined;
  },
): Promise<Reading> {
  const { metric, metrics, timeout, signal, onReports } = options;
  const { command, env } = template.filled(values);
  const output = outputReader(metric);
  const errors = outputReader(metric);
  const reports = onReports && watchedReports(onReports, { metric, metrics });
  const { failure } = await runProcess(command, {
    timeout,
    signal: reports ? AbortSignal.any([signal, reports.signal]) : signal,
    env: { ...env, ...options.env, ...reports?.env },
    onOutput: (text, stream) => {
      options.onOutput?.(text, stream);
      if (stream === 'stdout') reports?.add(text);
      (stream === 'stdout' ? output : errors).add(text);
    },
  });
  if (await reports?.end()) return { outcome: { state: 'pruned' } };
  if (failure !== undefined) return { outcome: { state: 'failed', reason: failure } };
  const reading = output.end();
  if (reading.outcome.state !== 'failed' || reading.found) return reading;
  // Programs that log to standard error are common: say that the figure is there, and do not take it.
  const { reads } = errors.end();
  if (reads === undefined) return reading;
  const reason = `${reading.outcome.reason}; standard error has ${reads}: print it to standard output (2>&1 with --shell)`;
  return { outcome: { state: 'failed', reason } };
}
