import { terminal } from '@foothold/app-small-to-large/terminal';
import { OptimizationError } from '@foothold/core';
import { CommanderError } from 'commander';
import { command, flagsOf } from './options.ts';
import { run } from './program.ts';

/** Codes: 0 done, 1 something is wrong, 2 the command line is wrong, 130 stopped by Ctrl-C. */
async function main(): Promise<number> {
  const to = terminal(process.stdout, process.env);
  const errors = terminal(process.stderr, process.env);
  const parser = command().exitOverride();
  try {
    parser.parse();
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
    await run(flagsOf(parser), { to, signal: stop.signal, now: () => performance.now() });
    return 0;
  } catch (error) {
    to.clear();
    if (stop.signal.aborted) {
      errors.line('Stopped; nothing was written.');
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
