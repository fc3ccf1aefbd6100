import { signal } from '@preact/signals';
import type { StudySource } from './sources/study-source.ts';

/** Where the page has its studies from; set before anything is drawn. */
export const source = signal<StudySource | undefined>(undefined);

/** A sentence for the person, read out by screen readers and shown for some seconds. */
interface Notice {
  readonly text: string;
  readonly isFault: boolean;
  /** Takes back what the sentence says was done. */
  readonly undo?: (() => void) | undefined;
}

export const notice = signal<Notice | undefined>(undefined);

const shownFor = 6000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a sentence. */
export function tellPerson(text: string, isFault = false, undo?: () => void): void {
  clearTimeout(timer);
  notice.value = { text, isFault, undo };
  timer = setTimeout(() => {
    notice.value = undefined;
  }, shownFor);
}
