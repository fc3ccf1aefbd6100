#!/usr/bin/env node
/** The `foothold` command. `ask-tell` starts without the definitions of the other commands: programs wait for its first answer. */
import { closeDatabases } from './open-databases.ts';

// A reader that has seen enough (head) ends the command without a word; nobody who reads messages is no reason to end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  // Such as a full disk: what is there is not all.
  process.stderr.write(`foothold: standard output could not be written (${error.message})\n`);
  process.exit(1);
});
process.stderr.on('error', () => undefined);

try {
  const [name, ...others] = process.argv.slice(2);
  if (name === 'ask-tell' && others.length === 0) await (await import('./commands/ask-tell.ts')).askTell();
  else await (await import('./program.ts')).runProgram();
} catch (error) {
  process.stderr.write(`foothold: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabases();
}
