import { OptimizationError } from '@foothold/core';
import { CommanderError } from 'commander';
import { command, flagsOf } from './options.ts';
import { run } from './program.ts';
import { terminal } from './terminal.ts';

/** Codes: 0 done, 1 something is wrong, 2 the command line is wrong, 130 stopped by Ctrl-C. */
async function main(): Promise<number> {
  const output = terminal(process.stdout, process.env);
  const errors = terminal(process.stderr, process.env);
  const stop = new AbortController();
  const parser = command().exitOverride();
  try {
    parser.parse();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const interrupted = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort(new Error('stopped'));
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    await run(flagsOf(parser), output, stop.signal);
    return 0;
  } catch (error) {
    output.clear();
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

process.exitCode = await main();
