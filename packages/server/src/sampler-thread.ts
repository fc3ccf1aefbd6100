import type { Awaitable, StudyEvent } from '@foothold/core';
import type { SuggestionBackend } from '@foothold/study';
import type { StudySetup } from './study-setup.ts';

/** Where the samplers of a server run, so that it answers others meanwhile: `samplerThread` of `@foothold/server/node`. */
export interface SamplerThread {
  /** The suggestions of a study. `read` has the events of its log from a position on. */
  open(setup: StudySetup, read: (from: number) => Awaitable<readonly StudyEvent[]>): StudySuggestions;
  /** Ends it. What it has not answered is a StorageError with `retry`. */
  close(): Promise<void>;
}

/** The suggestions of one study. */
export interface StudySuggestions extends SuggestionBackend {
  /** Forgets the study. */
  close(): void;
}
