import { signal } from '@preact/signals';
import type { ProgramFault } from '../program/program-fault.ts';

/** Where the editor is to put the cursor; a new object each time. */
export const wantedPlace = signal<ProgramFault | undefined>(undefined);

/** Puts the cursor at the place of a fault. */
export function jumpTo(fault: ProgramFault): void {
  wantedPlace.value = { ...fault };
}
