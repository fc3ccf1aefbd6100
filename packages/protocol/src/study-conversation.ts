/** A conversation about one study of a space: how it is opened and edited. */
import {
  type Goal,
  InvalidArgumentError,
  type LinearAlgebra,
  type Params,
  type SpaceDescription,
  type Storage,
} from '@foothold/core';
import {
  createStudy,
  type LocalStudy,
  type StudyChange,
  type StudyState,
  studyRecord,
} from '@foothold/study';
import { conversationRuns } from './conversation-owner.ts';
import type { IdlePreparation } from './idle-preparation.ts';
import { type LeaseRenewal, leaseRenewal } from './lease-renewal.ts';
import type { RequestOf } from './request-schemas.ts';
import { sourcesOf } from './sources-of.ts';
import { spaceOfRequest, studyOptionsOf } from './study-options.ts';

export interface StudyConversation {
  readonly study: LocalStudy;
  readonly renewal: LeaseRenewal;
  /** Absent where nothing is prepared between requests. */
  readonly preparation: IdlePreparation | undefined;
  /** What made it. */
  readonly request: RequestOf<'create'>;
  readonly at: Opening;
}

export interface Opening {
  readonly name: string;
  readonly storage: Storage;
  /** Of the storage; absent in memory. */
  readonly address: string | undefined;
  /** Numbers of trials that the conversation has asked for and not told. */
  readonly holds?: readonly number[];
}

/** What every study of a session is made with. */
interface Surroundings {
  readonly linalg: () => Promise<LinearAlgebra>;
  readonly preparation: IdlePreparation | undefined;
  readonly clock?: (() => number) | undefined;
  readonly program?: string | undefined;
  /** Under which the conversation has its trials. */
  readonly owner: string;
  readonly studiesIn: (address: string) => Storage;
}

/** Opens the study that the request means. Throws what a stored study has against it. */
export async function openConversation(
  request: RequestOf<'create'>,
  at: Opening,
  by: Surroundings,
): Promise<StudyConversation> {
  const { preparation } = by;
  const study = await studyOf(request, { ...at, ...by, linalg: preparation?.linalg ?? by.linalg });
  await study.trial(0); // what a stored study has against this request is thrown here
  const taken = request.holds ? await study.take(request.holds) : [];
  const renewal = leaseRenewal(study);
  for (const number of [...(at.holds ?? []), ...taken]) renewal.began(number);
  return { study, renewal, preparation, request, at };
}

/** Edits the study; what changed, and the request that opens it as it is now. */
export async function edited(
  { study, request, at }: StudyConversation,
  change: RequestOf<'edit'>,
  clock: (() => number) | undefined,
) {
  const record = studyRecord(at.storage, study.name, { clock });
  const result = await record.edit(changeOf(change, await record.state()));
  const { space, goal } = await record.state();
  const next = {
    ...request,
    holds: undefined,
    space: space && withoutFidelity(space, goal),
    constraints: undefined,
    limits: goal?.constraints,
    cost: goal?.cost,
  };
  return { result, next: next as RequestOf<'create'> };
}

/** The change that a request means, of a study that is so now. */
export function changeOf(
  { space, constraints, values, limits, cost }: Omit<RequestOf<'edit'>, 'op'>,
  now: StudyState,
): StudyChange {
  if (constraints !== undefined && space === undefined)
    throw new InvalidArgumentError('constraints', constraints, 'given with the whole new space');
  const own = now.goal?.fidelity && now.space?.[now.goal.fidelity.name];
  const fidelity = own && { [now.goal!.fidelity!.name]: own };
  const description = space && { ...space, ...fidelity, ...(constraints && { $constraints: constraints }) };
  const goal = now.goal && {
    ...now.goal,
    ...(limits !== undefined && { constraints: limits }),
    ...(cost !== undefined && { cost }),
  };
  return { space: description as SpaceDescription | undefined, goal, values };
}

/** The space of a request: the fidelity is beside it there. */
function withoutFidelity(space: SpaceDescription, goal: Goal | undefined): SpaceDescription {
  const { [goal?.fidelity?.name ?? '']: _, ...own } = space;
  return own;
}

/** Seconds, as of `foothold tune`. */
const defaultLease = 120;

async function studyOf(
  request: RequestOf<'create'>,
  { name, storage, address, holds, linalg, clock, program, owner, studiesIn }: Opening & Surroundings,
): Promise<LocalStudy> {
  const { lease, transfer = [] } = request;
  if (lease !== undefined && !clock)
    throw new InvalidArgumentError('lease', lease, 'nothing: this conversation has no clock');
  // This process renews its leases also while an evaluation takes hours elsewhere.
  const seconds = lease ?? (clock && address !== undefined ? defaultLease : undefined);
  const names = spaceOfRequest(request).columns.map((column) => column.name);
  const sources = await sourcesOf(transfer, { storage: address, studiesIn, names });
  return createStudy<Params>({
    ...(await studyOptionsOf(request, { sources, linalg })),
    ...{ name, storage, clock, program },
    lease: {
      ...{ owner, alive: conversationRuns, holds },
      ...{ ms: seconds && seconds * 1000, retries: request.retries, late: request.late },
    },
  });
}
