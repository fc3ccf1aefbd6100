import type { Json } from '@foothold/core';
import type { TuningRequest, TuningSettings } from '../tuning/tuning-messages.ts';

/** What a study of this page says about itself: the program, and how it was run. */
export interface StudyProgram {
  /** What the person called it; the stages of a small and a large problem have one name. */
  readonly name: string;
  readonly program: string;
  readonly settings: Partial<TuningSettings>;
}

/** The facts that the log of a study keeps. */
export function describedBy({ name, program, settings }: TuningRequest): Readonly<Record<string, Json>> {
  const { trials, smallTrials, seconds, prunes } = settings;
  return { program, playground: { name, trials, smallTrials, seconds, prunes } };
}

/** The program in the facts of a study; undefined where it came without one. */
export function programOf(facts: Readonly<Record<string, Json>> | undefined): StudyProgram | undefined {
  const { program, playground } = facts ?? {};
  if (typeof program !== 'string' || typeof playground !== 'object' || playground === null) return undefined;
  const { name, ...settings } = playground as Readonly<Record<string, Json>>;
  return typeof name === 'string'
    ? { name, program, settings: settings as Partial<TuningSettings> }
    : undefined;
}
