import type { Json, Sampler, StudyEvent } from '@foothold/core';
import { canonical, throughJson } from '../log/canonical.ts';
import type { StudyState } from '../state/study-state.ts';

type Configured = Extract<StudyEvent, { readonly type: 'configured' }>;

/** What makes suggestions: the sampler with its options and the number of planned trials, and the program with its version. */
export type Configuration = Pick<Configured, 'sampler' | 'program'>;

/** The configuration as a log keeps it. Nothing stands in it for what is not known. */
export function configurationOf({
  sampler: { name, options },
  plannedTrials,
  program,
}: {
  readonly sampler: Sampler;
  readonly plannedTrials?: number | undefined;
  readonly program?: string | undefined;
}): Configuration {
  const sampler = throughJson({ name, options, plannedTrials }) as Readonly<Record<string, Json>>;
  return {
    ...(Object.keys(sampler).length > 0 && { sampler }),
    ...(program !== undefined && { program }),
  };
}

/** The event that a suggestion of this configuration needs before it: none where the log says the same already. */
export function configuredEvents(
  { configured = {} }: Pick<StudyState, 'configured'>,
  now: Configuration,
): readonly Configured[] {
  const { sampler, program } = configured;
  const isSame = canonical({ sampler, program }) === canonical(now);
  return isSame ? [] : [{ type: 'configured', ...now }];
}
