import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './workspace.ts';

const waiting: (() => void)[] = [];
let free = availableParallelism();

/**
 * Output lines of a tool of the workspace that failed; none when it succeeded. As many tools run at once as there are cores, in the
 * order of the calls.
 */
export async function toolFaults(command: string, args: readonly string[]): Promise<readonly string[]> {
  if (free > 0) free--;
  else await new Promise<void>((turn) => waiting.push(turn));
  try {
    return await faultsOf(command, args);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}

function faultsOf(command: string, args: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules/.bin', command), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const keep = (text: string) => {
      said += text;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const failed = (end: unknown) =>
      resolve([`${command} ${args.join(' ')} ended with ${end}`, ...said.trimEnd().split('\n')]);
    child.on('error', ({ message }) => failed(message));
    child.on('close', (code, signal) => (code === 0 ? resolve([]) : failed(code ?? signal)));
  });
}
