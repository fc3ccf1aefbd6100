import type { StudyEvent } from '@foothold/core';

/** The event of this type. */
export type EventOf<T extends StudyEvent['type']> = Extract<StudyEvent, { readonly type: T }>;
