import { commandLine } from '@foothold/app-small-to-large/command-line';
import { command, flagsOf } from './options.ts';
import { run } from './program.ts';

process.exitCode = await commandLine(command(), (parsed, at) =>
  run(flagsOf(parsed), { ...at, now: () => performance.now() }),
);
