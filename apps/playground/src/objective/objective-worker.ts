/**
 * The worker in which a person's program runs: it has no page, no studies, and ends when its page says so. It is begun by a script of the page's own (a Blob),
 * so the page's policy holds in it: it reaches no other host.
 */
import type { SpaceDescription } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { expose } from 'comlink';
import { importable, importFunction } from '../program/compile-names.ts';
import type { ProgramFault } from '../program/program-fault.ts';
import type { ObjectiveService } from './objective-messages.ts';
import { importPackage } from './packages.ts';
import { placeOfError } from './place-of-error.ts';
import { type PrintedLines, printedLines } from './printed-lines.ts';

interface Exports {
  readonly space?: { readonly description?: SpaceDescription };
  readonly objective?: unknown;
  readonly small?: unknown;
}
type Objective = (params: unknown, context: unknown) => unknown;

let address = '';
let program: Exports = {};
let printed: PrintedLines | undefined;

const service: ObjectiveService = {
  async prepare(code) {
    await Promise.all(
      importable.filter((name) => code.includes(`${importFunction}("${name}")`)).map(importPackage),
    );
  },
  async load(code, send) {
    printed = printedLines(send, () => performance.now());
    Object.assign(console, printed.methods);
    address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    try {
      program = (await import(/* @vite-ignore */ address)) as Exports;
      return loaded(program);
    } catch (error) {
      return { fault: faultOf(error) };
    } finally {
      printed.flush();
    }
  },
  async evaluate({ stage, number, params }, report) {
    const objective = (stage === 'small' ? program.small : program.objective) as Objective;
    try {
      const returned = await objective(params, { number, report: reporter(report) });
      return { returned: copyable(returned) };
    } catch (error) {
      if (error === pruned) return { returned: { state: 'pruned' } };
      return { thrown: { ...faultOf(error), name: error instanceof Error ? error.name : 'Error' } };
    } finally {
      printed?.flush();
    }
  },
};

const pruned = new Error('the trial is pruned');

/** `report(step, value)` of an objective: ends it where the trial is not worth finishing. */
function reporter(report: (step: number, value: number) => Promise<'continue' | 'prune'>) {
  return async (step: number, value: number) => {
    if ((await report(step, value)) === 'prune') throw pruned;
  };
}

function loaded({ space, objective, small }: Exports): Awaited<ReturnType<ObjectiveService['load']>> {
  const fault = (message: string) => ({ fault: { message } });
  if (typeof objective !== 'function')
    return fault('The program exports no function `objective`: export function objective(params) { … }');
  if (small !== undefined && typeof small !== 'function')
    return fault('`small` is exported, but is no function.');
  if (space === undefined)
    return fault('The program exports no `space`: export const space = searchSpace({ … })');
  if (space.description === undefined)
    return fault('The space has a constraint that is a function: only linear ones can be kept with a study.');
  try {
    const { description } = spaceOf(space.description);
    return { program: { space: description!, hasSmall: small !== undefined } };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

function faultOf(error: unknown): ProgramFault {
  const message = error instanceof Error ? error.message : String(error);
  return { message, ...placeOfError(error, address) };
}

/** What can be sent to the page; anything else is refused there with what it is. */
function copyable(returned: unknown): number {
  try {
    return structuredClone(returned) as number;
  } catch {
    return String(returned) as unknown as number;
  }
}

Object.assign(globalThis, { [importFunction]: importPackage });
// A program has no business in the database of the studies; the page's own worker has it.
Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
expose(service);
