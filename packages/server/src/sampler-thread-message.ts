import type { StudyEvent } from '@foothold/core';
import type { SuggestionAnswer, SuggestionCall } from '@foothold/study';
import type { StudySetup } from './study-setup.ts';
import type { ErrorMembers } from './typed-error.ts';

/** What the server tells the thread of its samplers. Studies have numbers of their own there; `call` numbers what is answered. */
export type ToSamplerThread =
  | { readonly type: 'open'; readonly study: number; readonly setup: StudySetup }
  | {
      readonly type: 'suggest';
      readonly study: number;
      readonly call: number;
      /** The events of the study's log since the last call. */
      readonly events: readonly StudyEvent[];
      readonly request: SuggestionCall;
    }
  | { readonly type: 'close'; readonly study: number };

/** What it answers: `refused` is what a sampler throws on purpose; without either, it cannot say. */
export interface FromSamplerThread {
  readonly call: number;
  readonly answer?: SuggestionAnswer;
  readonly refused?: ErrorMembers;
}
