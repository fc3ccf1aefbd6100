import { type LinearAlgebra, type Sampler, type Storage, UnsupportedError } from '@foothold/core';
import {
  givenSource,
  namedOf,
  plannedTrials,
  prunerNamed,
  type RequestedOptions,
  refuseEmpty,
  samplerNamed,
  samplerOfLog,
} from '@foothold/protocol';
import { spaceOf } from '@foothold/space';
import {
  type ConfiguredSampler,
  type StudyState,
  studyRecord,
  studySource,
  type TransferSource,
} from '@foothold/study';
import { noSuchStudy } from './http-error.ts';
import type { StudySettings } from './operations.ts';

/** What a stored study is opened with, as plain data: a sampler's thread makes the same of it as the server. */
export interface StudySetup extends Pick<StudyState, 'created' | 'goal' | 'space' | 'configured' | 'facts'> {
  /** Earlier studies, as they were when the study was opened. */
  readonly sources: readonly TransferSource[];
}

/** What `POST /api/studies` said, where the study is of a server. */
export function settingsOf({ facts }: Pick<StudyState, 'facts'>): StudySettings {
  return (facts?.['server'] ?? {}) as StudySettings;
}

/** Reads the earlier studies of its settings. Throws InvalidArgumentError, HttpError. */
export async function studySetup(state: StudyState, storage: Storage): Promise<StudySetup> {
  const { created, goal, space, configured, facts } = state;
  const sources = await sourcesOfSettings(settingsOf(state).transfer ?? [], storage);
  const known = { ...(created && { created }), ...(goal && { goal }), ...(space && { space }) };
  return { ...known, ...(configured && { configured }), ...(facts && { facts }), sources };
}

/** The options of the study, with this sampler. Throws UnsupportedError for a log that does not describe its space. */
export function optionsOf(state: Omit<StudySetup, 'sources'>, sampler: Sampler): RequestedOptions {
  const { created, goal = created!.goal, space } = state;
  if (!space)
    throw new UnsupportedError(
      'a study whose log does not describe its space',
      'the server',
      'its space has constraints that are functions',
    );
  const { constraints, ...others } = goal;
  const settings = settingsOf(state);
  return {
    ...others,
    space: spaceOf(space),
    ...(constraints && { constraints }),
    sampler,
    pruner: settings.pruner === undefined ? undefined : prunerNamed(settings.pruner),
    trials: settings.trials ?? plannedTrials(state),
  };
}

/** The sampler of the settings, or else the one that the log names. Throws as `samplerNamed` and `samplerOfLog`. */
export async function samplerOf(setup: StudySetup, linalg: () => Promise<LinearAlgebra>): Promise<Sampler> {
  const { created, goal, configured, facts, sources } = setup;
  if (facts?.['server'] === undefined)
    return samplerOfLog(configuredSampler(configured), {
      sources: [],
      by: 'the server',
      advice: 'create the study over HTTP with them as transfer',
    });
  const { sampler, method, gated, metaFeatures } = settingsOf(setup);
  const fidelity = (goal ?? created?.goal)?.fidelity;
  return samplerNamed(sampler ?? 'auto', { sources, method, gated, metaFeatures, linalg, fidelity });
}

function configuredSampler(configured: StudyState['configured']): ConfiguredSampler | undefined {
  if (configured?.sampler === undefined) return undefined;
  const { plannedTrials: _, ...sampler } = configured.sampler as ConfiguredSampler & {
    plannedTrials?: number;
  };
  return sampler;
}

/** Sources whose trials are given, or that are studies of the same storage. Throws InvalidArgumentError, HttpError. */
export async function sourcesOfSettings(
  requests: NonNullable<StudySettings['transfer']>,
  storage: Storage,
): Promise<readonly TransferSource[]> {
  const sources = await Promise.all(
    requests.map(async (request) => {
      if ('trials' in request) return givenSource(request);
      const { trials, goal, created } = await studyRecord(storage, request.study).state();
      if (!created) throw noSuchStudy(request.study);
      const named = { name: request.study, goal: goal ?? created.goal };
      return { ...studySource(trials, named), ...namedOf(request) };
    }),
  );
  refuseEmpty(sources, requests.length);
  return sources;
}
