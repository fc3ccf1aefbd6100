import { OptimizationError } from '@foothold/core';
import { type Command, CommanderError } from 'commander';
import { type Terminal, terminal } from './terminal.ts';

export interface At {
  readonly to: Terminal;
  /** Aborts at Ctrl-C or SIGTERM; a second one ends the process at once. */
  readonly signal: AbortSignal;
}

/**
 * Parses the process's arguments and does the work. Codes: 0 done, 1 something is wrong (the error's name and message on
 * standard error), 2 the command line is wrong, 130 stopped by Ctrl-C. What is no OptimizationError is thrown on.
 */
export async function commandLine(
  parser: Command,
  work: (parsed: Command, at: At) => Promise<unknown>,
): Promise<number> {
  const to = terminal(process.stdout, process.env);
  const errors = terminal(process.stderr, process.env);
  try {
    parser.exitOverride().parse();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const stop = new AbortController();
  const interrupted = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort(new Error('stopped'));
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    await work(parser, { to, signal: stop.signal });
    return 0;
  } catch (error) {
    to.clear();
    if (stop.signal.aborted) {
      errors.line('Stopped. Every finished trial is kept; the same command goes on from there.');
      return 130;
    }
    if (!(error instanceof OptimizationError)) throw error;
    errors.line(`${errors.paint('red', error.name)}: ${error.message}`);
    return 1;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}
