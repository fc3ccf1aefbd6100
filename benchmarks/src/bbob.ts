/** The noiseless BBOB functions (Hansen, Finck, Ros, Auger 2009), evaluated by the Python package `ioh` in a process of its own. */
import { join } from 'node:path';
import { lineProcess } from './line-process.ts';

export interface Bbob {
  /** Gap of the value at x, in [−5, 5]ᵈ, to the optimum of function 1 to 24 in this instance. */
  gap(at: { readonly f: number; readonly i: number; readonly x: readonly number[] }): Promise<number>;
  /** Resolves when the process has ended. */
  close(): Promise<void>;
}

/** Opens them, or says why not: the reason is a string. */
export async function bbob(python: string | undefined): Promise<Bbob | string> {
  if (python === undefined) return 'absent: FOOTHOLD_PYTHON names no Python with ioh';
  const functions = lineProcess(python, [join(import.meta.dirname, 'bbob.py')]);
  try {
    await functions.read();
  } catch {
    return `absent: ${python} has no ioh`;
  }
  return { gap: (at) => functions.ask(at), close: () => functions.end() };
}
