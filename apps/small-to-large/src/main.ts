import { commandLine } from './command-line.ts';
import { command, flagsOf } from './options.ts';
import { run } from './program.ts';

process.exitCode = await commandLine(command(), (parsed, { to, signal }) => run(flagsOf(parsed), to, signal));
