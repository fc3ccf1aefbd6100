import { InvalidArgumentError, StorageError, UnsupportedError } from '@foothold/core';
import { studyOptionsOf } from '@foothold/protocol';
import {
  type StudyRecord,
  type StudyState,
  type StudySummary,
  sharedStudy,
  studyRecord,
  studySummaryOf,
} from '@foothold/study';
import { type HostedStudy, type Hosting, hostedStudy, ofServer } from './hosted-study.ts';
import { type CreateBody, type StudySettings, settingsNames } from './operations.ts';
import { madeOnce, recentlyUsed } from './recently-used.ts';
import { sourcesOfSettings } from './study-setup.ts';

/** The studies of a storage, those in use opened once. */
export interface HostedStudies {
  /** Throws HttpError where there is no such study, StorageError as the storage does. */
  open(name: string): Promise<HostedStudy>;
  /**
   * Calls with the study, and once more with the study as it is now where another process has edited it meanwhile. Throws what
   * `call` throws.
   */
  use<T>(name: string, call: (study: HostedStudy) => Promise<T>): Promise<T>;
  /** Makes a study, or takes the one of this name as it is; its name. Throws InvalidArgumentError for one that differs. */
  create(body: CreateBody): Promise<string>;
  /** Forgets what is open of it: it was renamed, deleted or edited. */
  drop(name: string): void;
  /** Summaries of all studies, or of these. One that cannot be read says why. */
  summaries(
    only?: readonly string[],
  ): Promise<readonly (StudySummary | { readonly name: string; readonly unreadable: string })[]>;
}

const manyStudies = 200;
const manyRecords = 1000;

export function hostedStudies(by: Hosting): HostedStudies {
  const closed = (study: Promise<HostedStudy>) =>
    void study.then(({ close }) => close()).catch(() => undefined);
  const studies = recentlyUsed<Promise<HostedStudy>>(manyStudies, closed);
  const records = recentlyUsed<StudyRecord>(manyRecords);
  const drop = (name: string) => {
    studies.delete(name);
    records.delete(name);
  };
  const open = (name: string) => madeOnce(studies, name, () => hostedStudy(name, by));
  const recordOf = async (name: string) => {
    const record =
      (await studies.get(name)?.catch(() => undefined))?.record ??
      records.get(name) ??
      studyRecord(by.storage, name);
    records.set(name, record);
    return record;
  };
  return {
    open,
    drop,
    async use(name, call) {
      const study = await open(name);
      try {
        return await call(study);
      } catch (error) {
        if (error instanceof StorageError && !error.retry) drop(name);
        if (!(error instanceof InvalidArgumentError) || !(await wasEdited(study))) throw error;
        drop(name);
        return call(await open(name));
      }
    },
    async create(body) {
      const name = body.name ?? (await freeName(by));
      await createStored(name, body, by);
      drop(name);
      return name;
    },
    summaries: (only) => summariesOf(by, { recordOf, drop, only }),
  };
}

type Summaries = Awaited<ReturnType<HostedStudies['summaries']>>;

async function summariesOf(
  { storage, clock }: Hosting,
  {
    recordOf,
    drop,
    only,
  }: {
    readonly recordOf: (name: string) => Promise<StudyRecord>;
    readonly drop: (name: string) => void;
    readonly only: readonly string[] | undefined;
  },
): Promise<Summaries> {
  if (!storage.studies) throw new UnsupportedError('a list of its studies', 'this storage');
  const names = (await storage.studies()).filter((name) => only?.includes(name) ?? true);
  const all: Summaries[number][] = [];
  for (const name of names)
    try {
      const summary = studySummaryOf(name, await (await recordOf(name)).state(), { now: clock() });
      if (summary) all.push(summary);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      drop(name);
      all.push({ name, unreadable: error.message });
    }
  return all;
}

async function wasEdited({ record, edits }: HostedStudy): Promise<boolean> {
  return ((await record.state()).edits?.length ?? 0) !== edits;
}

async function freeName({ storage }: Hosting): Promise<string> {
  const taken = new Set(await storage.studies?.());
  let n = 1;
  while (taken.has(`study-${n}`)) n++;
  return `study-${n}`;
}

/** Writes the study's first event where it is new, and what a server has to know to open it again. */
async function createStored(name: string, body: CreateBody, by: Hosting): Promise<void> {
  const { storage, clock, program, linalg } = by;
  const { transfer = [], ...request } = body;
  const sources = await sourcesOfSettings(transfer, storage);
  const options = await studyOptionsOf(request, { sources, linalg });
  const shared = sharedStudy({ ...options, name, storage, clock, program });
  const before = await shared.record.state();
  await shared.worker({ owner: ofServer }).trial(0);
  const given = Object.fromEntries(
    settingsNames.flatMap((setting) => (body[setting] === undefined ? [] : [[setting, body[setting]]])),
  ) as StudySettings;
  // Without settings a study that is there keeps those that it has.
  if (before.created && Object.keys(given).length === 0) return;
  const { facts = {} } = await shared.record.state();
  await shared.record.describe({ ...facts, server: given } as NonNullable<StudyState['facts']>);
}
