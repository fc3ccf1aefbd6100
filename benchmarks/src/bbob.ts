/** The noiseless BBOB functions (Hansen, Finck, Ros, Auger 2009), evaluated by the Python package `ioh` in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Bbob {
  /** Gap of the value at x, in [−5, 5]ᵈ, to the optimum of function 1 to 24 in this instance. */
  gap(at: { readonly f: number; readonly i: number; readonly x: readonly number[] }): Promise<number>;
  close(): void;
}

/** Opens them, or says why not: the reason is a string. */
export async function bbob(python: string | undefined): Promise<Bbob | string> {
  if (python === undefined) return 'absent: FOOTHOLD_PYTHON names no Python with ioh';
  const child = spawn(python, [join(import.meta.dirname, 'bbob.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), once(child, 'error').then(() => ({ done: true }))]);
  if (first.done) return `absent: ${python} has no ioh`;
  return { gap: (at) => asked(child, lines, at), close: () => child.stdin?.end() };
}

async function asked(child: ChildProcess, lines: AsyncIterator<string>, at: object): Promise<number> {
  child.stdin!.write(`${JSON.stringify(at)}\n`);
  const { value, done } = await lines.next();
  if (done) throw new Error('the process of BBOB functions has ended');
  return JSON.parse(value);
}
