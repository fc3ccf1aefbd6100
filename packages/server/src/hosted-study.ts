import {
  everyFeature,
  type LinearAlgebra,
  OptimizationError,
  type Params,
  type Sampler,
  type Storage,
  TrialLimitError,
} from '@foothold/core';
import { stopAttribute, stoppedByHand } from '@foothold/protocol';
import {
  type LocalStudy,
  type SharedStudy,
  type StudyState,
  sharedStudy,
  studyRecord,
} from '@foothold/study';
import { noSuchStudy } from './http-error.ts';
import { type LeaseHistory, leaseHistory } from './lease-history.ts';
import type { StudySettings } from './operations.ts';
import { madeOnce, recentlyUsed } from './recently-used.ts';
import type { SamplerThread } from './sampler-thread.ts';
import { optionsOf, type StudySetup, samplerOf, settingsOf, studySetup } from './study-setup.ts';

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
  isStopped(): Promise<boolean>;
  /** Stops it, or lets it go on; the log keeps that. */
  stop(isStopped: boolean): Promise<void>;
  /** It is not used any more: what the sampler's thread has of it goes. */
  close(): void;
}

/** What every study of a server is opened with. */
export interface Hosting {
  readonly storage: Storage;
  readonly clock: () => number;
  readonly program?: string | undefined;
  readonly linalg: () => Promise<LinearAlgebra>;
  /** Where samplers run. Absent: here, and each ask waits for its own suggestion. */
  readonly samplers?: SamplerThread | undefined;
}

/** Who does what no client does: ends trials of others, looks. */
export const ofServer = 'server';
/** Seconds, as of `foothold tune`. */
const defaultLease = 120;
/** Views of clients that are kept, of some 5 kB each; one that is dropped is made again from the log. */
const manyWorkers = 20_000;

/** Opens a stored study by what its log says. Throws HttpError where there is none, StorageError as the storage does. */
export async function hostedStudy(name: string, by: Hosting): Promise<HostedStudy> {
  const { storage, clock, program } = by;
  const state = await studyRecord(storage, name).state();
  if (!state.created) throw noSuchStudy(name);
  const settings = settingsOf(state);
  const { sampler, setup } = await samplerAndSetup(state, by);
  const suggestions = setup && by.samplers?.open(setup, (from) => storage.read(name, from));
  const shared = sharedStudy<Params>({
    ...optionsOf(state, sampler),
    ...{ name, storage, clock, program, pause: otherWork, refuseAsk: refuseStopped, suggestions },
  });
  const leaseMs = (settings.lease ?? defaultLease) * 1000;
  const { retries, late } = settings;
  const history = leaseHistory(storage, name);
  const of = shared.worker({ owner: ofServer });
  const workers = workerViews(shared, history, { ms: leaseMs, retries, late });
  return {
    ...{ name, settings, leaseMs, record: shared.record },
    edits: state.edits?.length ?? 0,
    worker: workers,
    isStopped: async () => isStopped(await of.notes()),
    stop: (now) => shared.record.note({ attributes: { [stopAttribute]: now ? stoppedByHand : null } }),
    close: () => suggestions?.close(),
  };
}

function isStopped({ attributes }: Pick<StudyState, 'attributes'>): boolean {
  return attributes?.[stopAttribute] === stoppedByHand;
}

/** Asks of a study that is stopped. Throws TrialLimitError. */
function refuseStopped(state: StudyState): void {
  if (isStopped(state)) throw new TrialLimitError(state.trials.length);
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
  const views = recentlyUsed<Promise<LocalStudy>>(manyWorkers);
  return (owner) =>
    madeOnce(views, owner, async () =>
      shared.worker({ ...lease, owner, holds: await history.heldBy(owner) }),
    );
}

/** A sampler that refuses to sample with this error: the study can be read. */
function refusing(error: OptimizationError): Sampler {
  return {
    supports: everyFeature,
    sample: () => {
      throw error;
    },
  };
}

/** The setup with its sampler, or without one the reason. */
async function samplerAndSetup(
  state: StudyState,
  { storage, linalg }: Hosting,
): Promise<{ readonly sampler: Sampler; readonly setup?: StudySetup }> {
  try {
    const setup = await studySetup(state, storage);
    return { setup, sampler: await samplerOf(setup, linalg) };
  } catch (error) {
    if (!(error instanceof OptimizationError)) throw error;
    return { sampler: refusing(error) };
  }
}
