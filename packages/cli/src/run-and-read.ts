import type { CommandTemplate } from './command-template.ts';
import { outputReader, type Reading } from './output/output-reader.ts';
import { runProcess } from './run-process.ts';
import type { Values } from './template/placeholder.ts';

/** Runs a command with these values and reads the figure that it prints. A program that fails has its failure as the reason. */
export async function runAndRead(
  template: CommandTemplate,
  values: Values,
  options: {
    readonly metric?: string | undefined;
    /** Seconds. */
    readonly timeout?: number | undefined;
    readonly signal: AbortSignal;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Reading> {
  const { metric, timeout, signal } = options;
  const { command, env } = template.filled(values);
  const output = outputReader(metric);
  const errors = outputReader(metric);
  const { failure } = await runProcess(command, {
    timeout,
    signal,
    env: { ...env, ...options.env },
    onOutput: (text, stream) => (stream === 'stdout' ? output : errors).add(text),
  });
  if (failure !== undefined) return { outcome: { state: 'failed', reason: failure } };
  const reading = output.end();
  if (reading.outcome.state !== 'failed' || reading.found) return reading;
  // Programs that log to standard error are common: say that the figure is there, and do not take it.
  const { reads } = errors.end();
  if (reads === undefined) return reading;
  const reason = `${reading.outcome.reason}; standard error has ${reads}: print it to standard output (2>&1 with --shell)`;
  return { outcome: { state: 'failed', reason } };
}
