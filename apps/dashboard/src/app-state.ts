import { signal } from '@preact/signals';
import type { StudySource } from './sources/study-source.ts';

/** Where the page has its studies from; set before anything is drawn. */
export const source = signal<StudySource | undefined>(undefined);

/** A sentence for the person, read out by screen readers and shown for some seconds. */
export const notice = signal<{ readonly text: string; readonly isFault: boolean } | undefined>(undefined);

const shownFor = 6000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a sentence. */
export function tellPerson(text: string, isFault = false): void {
  clearTimeout(timer);
  notice.value = { text, isFault };
  timer = setTimeout(() => {
    notice.value = undefined;
  }, shownFor);
}
