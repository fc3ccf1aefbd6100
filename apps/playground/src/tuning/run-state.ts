import { signal } from '@preact/signals';
import type { ProgramFault } from '../program/program-fault.ts';

/** What the page runs. */
export type RunState =
  | { readonly state: 'idle' }
  | { readonly state: 'starting' | 'running' | 'pausing'; readonly name: string };

export const runState = signal<RunState>({ state: 'idle' });

/** What is wrong with the program that was run last; `trial` is the one that it made fail. */
export const fault = signal<(ProgramFault & { readonly trial?: number }) | undefined>(undefined);

/** How the last run ended, a sentence. */
export const outcomeText = signal('');
