import { signal } from '@preact/signals';
import type { StudySource } from './sources/study-source.ts';

/** Where the page has its studies from; set before anything is drawn. */
export const source = signal<StudySource | undefined>(undefined);
