import {
  everyFeature,
  type LinearAlgebra,
  OptimizationError,
  type Params,
  type Sampler,
  type Storage,
  UnsupportedError,
} from '@foothold/core';
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
  type LocalStudy,
  type SharedStudy,
  type StudyState,
  sharedStudy,
  studyRecord,
  studySource,
  type TransferSource,
} from '@foothold/study';
import { noSuchStudy } from './http-error.ts';
import { type LeaseHistory, leaseHistory } from './lease-history.ts';
import type { StudySettings } from './operations.ts';

/** A study that the server has open: one fold of its log for all clients. */
export interface HostedStudy {
  readonly name: string;
  readonly settings: StudySettings;
  readonly record: SharedStudy['record'];
  /** How many edits it had when it was opened. */
  readonly edits: number;
  /** Milliseconds of a lease. */
  readonly leaseMs: number;
  /** The study as the client of this name sees it. */
  worker(owner: string): Promise<LocalStudy>;
  /** Whether it is stopped: nothing is asked for then. */
  isStopped(): boolean;
  /** Stops it, or lets it go on; the log keeps that. */
  stop(isStopped: boolean): Promise<void>;
}

/** What every study of a server is opened with. */
export interface Hosting {
  readonly storage: Storage;
  readonly clock: () => number;
  readonly program?: string | undefined;
  readonly linalg: () => Promise<LinearAlgebra>;
}

/** Seconds, as of `foothold tune`. */
const defaultLease = 120;
/** Views of clients that are kept; one that is dropped is made again from the log. */
const manyWorkers = 2000;

/** Opens a stored study by what its log says. Throws HttpError where there is none, StorageError as the storage does. */
export async function hostedStudy(name: string, by: Hosting): Promise<HostedStudy> {
  const { storage, clock, program } = by;
  const state = await studyRecord(storage, name).state();
  if (!state.created) throw noSuchStudy(name);
  const settings = settingsOf(state);
  const shared = sharedStudy<Params>({
    ...(await optionsOf(state, settings, by)),
    ...{ name, storage, clock, program, pause: otherWork },
  });
  const leaseMs = (settings.lease ?? defaultLease) * 1000;
  const { retries, late } = settings;
  const history = leaseHistory(storage, name);
  let isStopped = state.facts?.['stopped'] === true;
  const workers = workerViews(shared, history, { ms: leaseMs, retries, late });
  return {
    ...{ name, settings, leaseMs, record: shared.record },
    edits: state.edits?.length ?? 0,
    worker: workers,
    isStopped: () => isStopped,
    stop: async (now) => {
      const { facts = {} } = await shared.record.state();
      const { stopped: _, ...others } = facts;
      await shared.record.describe(now ? { ...others, stopped: true } : others);
      isStopped = now;
    },
  };
}

/** Resolves after what waits for the process: other requests are answered between two asks. */
function otherWork(): Promise<void> {
  const { setImmediate: next = setTimeout } = globalThis as { setImmediate?: (call: () => void) => unknown };
  return new Promise((done) => void next(done));
}

/** Views of clients by their names, the ones that were used last. */
function workerViews(
  shared: SharedStudy,
  history: LeaseHistory,
  lease: {
    readonly ms: number;
    readonly retries: number | undefined;
    readonly late: 'refuse' | 'keep' | undefined;
  },
): (owner: string) => Promise<LocalStudy> {
  const views = new Map<string, Promise<LocalStudy>>();
  return (owner) => {
    const known = views.get(owner);
    views.delete(owner);
    const view = known ?? history.heldBy(owner).then((holds) => shared.worker({ ...lease, owner, holds }));
    views.set(owner, view);
    view.catch(() => views.delete(owner));
    if (views.size > manyWorkers) views.delete(views.keys().next().value!);
    return view;
  };
}

/** What `POST /api/studies` said, where the study is of a server. */
function settingsOf({ facts }: StudyState): StudySettings {
  return (facts?.['server'] ?? {}) as StudySettings;
}

async function optionsOf(state: StudyState, settings: StudySettings, by: Hosting): Promise<RequestedOptions> {
  const { created, goal = created!.goal, space } = state;
  if (!space)
    throw new UnsupportedError(
      'a study whose log does not describe its space',
      'the server',
      'its space has constraints that are functions',
    );
  const { constraints, ...others } = goal;
  const sampler = await samplerOf(state, settings, by);
  return {
    ...others,
    space: spaceOf(space),
    ...(constraints && { constraints }),
    sampler,
    pruner: settings.pruner === undefined ? undefined : prunerNamed(settings.pruner),
    trials: settings.trials ?? plannedTrials(state),
  };
}

function configuredSampler(configured: StudyState['configured']): ConfiguredSampler | undefined {
  if (configured?.sampler === undefined) return undefined;
  const { plannedTrials: _, ...sampler } = configured.sampler as ConfiguredSampler & {
    plannedTrials?: number;
  };
  return sampler;
}

/** The sampler of the settings, or else the one that the log names. One that cannot be made refuses to sample: the study can be read. */
async function samplerOf(
  { configured, facts }: StudyState,
  settings: StudySettings,
  by: Hosting,
): Promise<Sampler> {
  const { method, gated, metaFeatures, transfer } = settings;
  try {
    if (facts?.['server'] === undefined)
      return samplerOfLog(configuredSampler(configured), {
        sources: [],
        by: 'the server',
        advice: 'create the study over HTTP with them as transfer',
      });
    const sources = await sourcesOfSettings(transfer ?? [], by.storage);
    return await samplerNamed(settings.sampler ?? 'auto', {
      sources,
      method,
      gated,
      metaFeatures,
      linalg: by.linalg,
    });
  } catch (error) {
    if (!(error instanceof OptimizationError)) throw error;
    return {
      supports: everyFeature,
      sample: () => {
        throw error;
      },
    };
  }
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
